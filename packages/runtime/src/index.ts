export { runtimePermissions } from "./permissions.ts";
export type { Authentication, Authenticator, Caller, Identity, RefusalReason } from "./auth/identity.ts";
export { createOidcAuthenticator, type OidcOptions } from "./auth/oidc.ts";
export { RuntimeError, type RuntimeErrorCode } from "./errors.ts";
export type { ListenAddress } from "./http/server.ts";
export { defaultLimits, type RuntimeLimits } from "./limits.ts";
export type { RoutingOrigin } from "./routing/feed.ts";
export { type Runtime, type RuntimeOptions, startRuntime } from "./runtime.ts";
export { type OpenStateOptions, openState, type RuntimeState } from "./state/open-state.ts";

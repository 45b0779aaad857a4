export { claimTexts } from "./agent/granted.ts";
export type { ListenAddress } from "./api/listen.ts";
export { type ChannelForecast, forecastChannels } from "./channel/forecast.ts";
export { providerOf, requirementsOf } from "./channel/requirements.ts";
export { OperatorError, type OperatorErrorCode } from "./errors.ts";
export { type ChannelGrants, permits, withGrants } from "./grants/channel-grants.ts";
export { createGrantLookup } from "./grants/grant-lookup.ts";
export type { LeaderElection } from "./leadership/lead.ts";
export { type Operator, type OperatorOptions, startOperator } from "./operator.ts";
export {
  authenticationPermissions,
  grantPermissions,
  ownPermissions,
  watchedPermissions,
} from "./permissions.ts";
export { createTelemetry, type Telemetry } from "./telemetry.ts";

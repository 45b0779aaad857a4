export type { Cause, Refusal } from "./cause.ts";
export { explainCause, explainUnmet } from "./explain.ts";
export { isFilter } from "./filter.ts";
export {
  type Claim,
  type GrantedAgent,
  grantedTenants,
  isForEveryTenant,
  isGranted,
  isProvider,
  namespacesOfGrant,
  someNamespaces,
} from "./grants/granting.ts";
export { isPlainName, showName } from "./grants/plain-name.ts";
export { type PlacedChannel, type TenantKnowledge, tenantOf, trustFaultOf } from "./grants/trust.ts";
export type {
  Audience,
  Candidate,
  Capability,
  CurrentWire,
  DependencyWire,
  Provider,
  RejectedCandidate,
  Requirement,
  Resolution,
  ResolutionInput,
  ResolutionRequest,
  Strategy,
  UnmetRequirement,
  Wire,
} from "./model.ts";
export { indexProviders, type ProviderIndex } from "./provider-index.ts";
export { isRange, parseRange, type VersionRange } from "./range.ts";
export { distinctRequirements } from "./requirement.ts";
export { resolveChannel, resolveIn } from "./resolve.ts";
export { isVersion, parseVersion } from "./version.ts";

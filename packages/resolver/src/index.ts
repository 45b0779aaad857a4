export type { Cause } from "./cause.ts";
export { explainCause, explainUnmet } from "./explain.ts";
export { isFilter } from "./filter.ts";
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
export { isRange } from "./range.ts";
export { distinctRequirements } from "./requirement.ts";
export { resolveChannel, resolveIn } from "./resolve.ts";
export { isVersion } from "./version.ts";

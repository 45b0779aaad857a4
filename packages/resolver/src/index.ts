export type { Cause } from "./cause.ts";
export { explainCause, explainUnmet } from "./explain.ts";
export type {
  Audience,
  Candidate,
  Capability,
  Provider,
  RejectedCandidate,
  Requirement,
  Resolution,
  ResolutionInput,
  Strategy,
  UnmetRequirement,
  Wire,
} from "./model.ts";
export { isRange } from "./range.ts";
export { distinctRequirements, resolveChannel } from "./resolve.ts";
export { isVersion } from "./version.ts";

export type { ListenAddress } from "./api/listen.ts";
export { providerOf, requirementsOf } from "./channel/requirements.ts";
export { type GrantsMode, grantsModes } from "./grants/mode.ts";
export type { LeaderElection } from "./leadership/lead.ts";
export { OperatorError, type OperatorErrorCode } from "./errors.ts";
export { type Operator, type OperatorOptions, startOperator } from "./operator.ts";
export { createTelemetry, type Telemetry } from "./telemetry.ts";

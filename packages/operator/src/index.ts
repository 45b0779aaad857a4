export type { ListenAddress } from "./api/listen.ts";
export { providerOf, requirementsOf } from "./channel/requirements.ts";
export { OperatorError, type OperatorErrorCode } from "./errors.ts";
export { type Operator, type OperatorOptions, startOperator } from "./operator.ts";

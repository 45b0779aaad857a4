export { Budget } from "./budget.ts";
export { compile, type Program } from "./compile.ts";
export { evaluate } from "./evaluate.ts";
export { childrenOf, type Expression } from "./expression.ts";
export { parseDuration, parseTimestamp } from "./functions/time-syntax.ts";
export { type Parsed, parseExpression } from "./parse.ts";
export {
  type CompiledExpression,
  compileExpression,
  type RegularExpression,
} from "./regular-expression.ts";
export {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  optionalOf,
  stringType,
  timestampType,
} from "./types.ts";
export { type CelFault, type CelKey, type CelValue, isFault, none, some } from "./values.ts";

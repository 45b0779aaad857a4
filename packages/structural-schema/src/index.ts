export { applyDefaults } from "./defaults.ts";
export {
  childPath,
  type FieldError,
  fieldErrorBody,
  fieldErrorPath,
  fieldErrorReason,
  forbidden,
  formatFieldError,
  invalid,
  required,
} from "./field-error.ts";
export { listMapKeyOf } from "./list-keys.ts";
export { memberSchemaOf } from "./member-schema.ts";
export { pruneUnknown } from "./prune.ts";
export { contentErrors } from "./rules/content-errors.ts";
export { findField } from "./rules/field-path.ts";
export { compileRules, type RuleNode } from "./rules/rule-tree.ts";
export type { StructuralSchema } from "./structural-schema.ts";
export { validateSchema } from "./validate.ts";

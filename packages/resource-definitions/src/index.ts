export { builtinKinds, objectMetaSchema } from "./builtin/builtin-kinds.ts";
export {
  publishedClosure,
  publishedDescription,
  publishedName,
  publishedVersion,
} from "./builtin/builtin-schemas.ts";
export { decodeError } from "./builtin/decode.ts";
export { labelErrors } from "./builtin/validation/selector.ts";
export { type CustomResources, customResourceDefinition } from "./custom-resource-definition.ts";
export { type JsonPath, parseJsonPath, valuesAt } from "./json-path.ts";
export { kindErrors } from "./kind-rules.ts";
export { decodeProtobuf } from "./protobuf/decode.ts";
export {
  apiVersionOf,
  type PrinterColumn,
  type ResourceDefinition,
  type ScaleSubresource,
} from "./resource-definition.ts";

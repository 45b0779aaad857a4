export { duplicateFields } from "./duplicate-fields.ts";
export { type FieldSelector, parseFieldSelector, requiredValue, selectsFields } from "./field-selector.ts";
export { hasFormat } from "./formats.ts";
export { parseGoJson } from "./go-json.ts";
export { type LabelSelector, parseLabelSelector, selectsLabels } from "./label-selector.ts";
export { metadataOf, withMetadata } from "./metadata.ts";
export {
  configKey,
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  labelValue,
  type NameRule,
  prefixRule,
  qualifiedName,
} from "./names.ts";
export { parseQuantity, quantityScale } from "./quantity.ts";

export { hasFormat } from "./formats.ts";
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

import {
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  hasFormat,
  labelValue,
  type NameRule,
  prefixRule,
  qualifiedName,
} from "@lmos/kubernetes-syntax";
import { type CelFunction, globalFunction, method, namedFormat, text } from "../function.ts";
import { listOf, optionalOf, stringType } from "../types.ts";
import { type CelTagged, list, none, some } from "../values.ts";

/** `format.dns1123Label().validate(name)`. */

function schemaFormat(format: string, message: string): NameRule {
  return (value) => (hasFormat(format, value) ? [] : [message]);
}

const rules: Readonly<Record<string, NameRule>> = {
  dns1123Label: dnsLabel,
  dns1123Subdomain: dnsSubdomain,
  dns1035Label,
  qualifiedName,
  labelValue,
  dns1123LabelPrefix: prefixRule(dnsLabel),
  dns1123SubdomainPrefix: prefixRule(dnsSubdomain),
  dns1035LabelPrefix: prefixRule(dns1035Label),
  uri: schemaFormat("uri", "invalid URI for request"),
  uuid: schemaFormat("uuid", "does not match the UUID format"),
  byte: schemaFormat("byte", "invalid base64"),
  date: schemaFormat("date", "invalid date"),
  datetime: schemaFormat("date-time", "invalid datetime"),
};

const formatNamed = (bits: string): CelTagged => ({ tag: "kubernetes.NamedFormat", bits });

export const formats: readonly CelFunction[] = [
  ...Object.keys(rules).map((name) =>
    globalFunction(`format.${name}`, { takes: [], gives: namedFormat.type, run: () => formatNamed(name) }),
  ),
  globalFunction("format.named", {
    takes: [text],
    gives: optionalOf(namedFormat.type),
    run: (name) => (Object.hasOwn(rules, name) ? some(formatNamed(name)) : none),
  }),
  method("validate", {
    takes: [namedFormat, text],
    gives: optionalOf(listOf(stringType)),
    run: ({ bits }, value) => {
      const faults = rules[bits]?.(value) ?? [];
      return faults.length === 0 ? none : some(list(faults));
    },
  }),
];

/**
 * What a caller asks for, checked: path parts and headers become label values, and nothing that is not one gets
 * further (W20: the Kotlin operator reads `acme,channel=web` as a selector).
 */
import { defaultSubset } from "@lmos/resources";

/** What a caller asks for. */
export interface Query {
  readonly namespace: string;
  readonly tenant: string;
  readonly subset: string;
  readonly channel: string | undefined;
}

/** A query, or the first part of the request that can't be one. */
export type QueryReading =
  | { readonly kind: "query"; readonly query: Query }
  | { readonly kind: "invalid"; readonly field: string; readonly value: string };

/** The parts of a request that say what is asked for. */
export interface QueryParts {
  readonly tenant: string;
  readonly channel: string | undefined;
  readonly subset: string | undefined;
  readonly namespace: string | undefined;
}

/** Reads a query; a missing subset is `stable`, a missing namespace `default`. An empty subset header selects nothing. */
export function readQuery(parts: QueryParts): QueryReading {
  const { tenant, channel, subset = defaultSubset, namespace = "default" } = parts;
  const checks = [
    { field: "tenant", value: tenant, isValid: isLabelValue(tenant) },
    { field: "channel", value: channel ?? "", isValid: channel === undefined || isLabelValue(channel) },
    { field: "x-subset", value: subset, isValid: subset === "" || isLabelValue(subset) },
    { field: "x-namespace", value: namespace, isValid: isNamespace(namespace) },
  ];
  const fault = checks.find(({ isValid }) => !isValid);
  if (fault !== undefined) return { kind: "invalid", field: fault.field, value: fault.value };
  return { kind: "query", query: { namespace, tenant, subset, channel } };
}

function isLabelValue(text: string): boolean {
  return text.length <= 63 && /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text);
}

function isNamespace(text: string): boolean {
  return text.length <= 63 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text);
}

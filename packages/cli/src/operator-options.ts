/** What the flags of `lmos operator` mean to the operator. */

import type { LeaderElection } from "@lmos/operator";
import { InvalidArgumentError } from "commander";
import type { ServerOptions } from "./server-options.ts";

/** The flags that say where and whether it writes, as commander gives them. */
export interface ScopeOptions extends Pick<ServerOptions, "namespace" | "local"> {
  readonly watchNamespaces?: readonly string[];
  readonly leaderElect?: boolean;
  readonly leaseNamespace?: string;
  readonly leaseName: string;
}

/** The namespaces of a list separated by commas. None at all is a fault: it must not come to mean all of them. */
export function parseNamespaces(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  const given = names.filter((name) => name !== "");
  if (given.length === 0) {
    throw new InvalidArgumentError("it names no namespace: write shop,bank, or leave the option out for all");
  }
  return given.map(parseNamespace);
}

/** The name of a namespace. */
export function parseNamespace(text: string): string {
  if (text.length <= 63 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError(
    `${JSON.stringify(text)} can't be the name of a namespace: small letters, digits and hyphens, 63 at most`,
  );
}

/** The namespaces to work in, undefined for all; `--namespace` is the short form for one. */
export function namespacesOf({
  watchNamespaces = [],
  namespace,
}: Pick<ScopeOptions, "watchNamespaces" | "namespace">): readonly string[] | undefined {
  const names = [...watchNamespaces, ...(namespace === undefined ? [] : [namespace])];
  return names.length === 0 ? undefined : names;
}

/** Who this process is, and where its own objects lie. */
export interface Whereabouts {
  /** Name of the pod or the machine. */
  readonly host: string | undefined;
  /** Tells this process from any other on that host, past or present. */
  readonly id: string;
  /** Namespace of the connection. */
  readonly namespace: string;
}

/**
 * How replicas agree on one that writes; undefined for no election. A laptop's cluster has one operator, which need not
 * wait for the lease of the one before it.
 */
export function electionOf(
  { leaderElect, local, leaseNamespace, leaseName }: ScopeOptions,
  { host = "lmos-operator", id, namespace }: Whereabouts,
): LeaderElection | undefined {
  if (!(leaderElect ?? local !== true)) return undefined;
  return { lease: { namespace: leaseNamespace ?? namespace, name: leaseName }, identity: `${host}_${id}` };
}

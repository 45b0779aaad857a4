/** Objects that a command line names by kind and name, as in `deployment roaming-agent` or `deployment/roaming-agent`. */
import type { CallOptions, KubeClient, ResourceType } from "@lmos/kube";
import { customKinds } from "@lmos/resources";
import { CliError } from "./errors.ts";
import type { Manifest } from "./manifests.ts";
import { pluralOf } from "./views.ts";

/** Where kinds are looked for, in this order. */
const apiVersions: readonly string[] = [
  ...new Set(customKinds.map(({ group, version }) => `${group}/${version}`)),
  "apps/v1",
  "v1",
];

/** The kind and the names of `KIND NAME…` or `KIND/NAME…`. Throws CliError `Usage` where a part is missing. Pure. */
export function parseNamedObjects(words: readonly string[]): {
  readonly kind: string;
  readonly names: readonly string[];
} {
  const [first = "", ...rest] = words;
  if (!first.includes("/")) return named(first, rest);
  const pairs = words.map((word) => word.split("/"));
  const kind = first.slice(0, first.indexOf("/"));
  const other = words[pairs.findIndex((pair) => pair.length !== 2 || pair[0] !== kind)];
  if (other !== undefined)
    throw new CliError("Usage", `${JSON.stringify(other)} is not ${kind}/NAME: name objects of one kind`);
  return named(
    kind,
    pairs.map(([, name = ""]) => name),
  );
}

function named(kind: string, names: readonly string[]): ReturnType<typeof parseNamedObjects> {
  if (kind !== "" && names.length > 0 && !names.includes("")) return { kind, names };
  throw new CliError("Usage", "name what is meant by its kind and its name, such as channel acme-web-stable");
}

/**
 * Finds what the server serves under a kind as a user writes it: singular, plural or one of our short names, in any
 * case. Throws CliError `Usage` where it serves no such kind.
 */
export async function findKind(
  client: Pick<KubeClient, "discover">,
  word: string,
  options: CallOptions,
): Promise<{ readonly apiVersion: string; readonly type: ResourceType }> {
  const wanted = pluralOf(word) ?? word.toLowerCase();
  for (const apiVersion of apiVersions) {
    const types = await client.discover(apiVersion, options);
    const type = types.find(({ kind, plural }) => plural === wanted || kind.toLowerCase() === wanted);
    if (type !== undefined) return { apiVersion, type };
  }
  const groups = apiVersions.join(", ");
  throw new CliError("Usage", `the API server serves no kind ${JSON.stringify(word)} in ${groups}`);
}

/** The objects as files would name them. */
export function manifestsOf(
  names: readonly string[],
  {
    apiVersion,
    type,
    namespace,
  }: { readonly apiVersion: string; readonly type: ResourceType; readonly namespace: string },
): readonly Manifest[] {
  return names.map((name) => ({
    apiVersion,
    kind: type.kind,
    metadata: type.namespaced ? { name, namespace } : { name },
  }));
}

/** One classifier for each set of agents and each mode, built when it is first asked for. */
import { createHash } from "node:crypto";
import { abortable, canonicalJson } from "@lmos/primitives";
import type { AddressedAgent, ChannelScope, Classifier, RoutableAgent, RoutingMode } from "@lmos/router";

/** Builds a classifier between agents whose names are ids; undefined where the mode needs what is not configured. */
export type ClassifierFactory = (
  mode: RoutingMode,
  request: { readonly agents: readonly RoutableAgent[]; readonly scope: ChannelScope },
  options: { readonly signal: AbortSignal },
) => Promise<Classifier | undefined>;

/** The classifiers in use. */
export interface Classifiers {
  /** The one for these agents. Rejects as the factory does; then the next caller tries anew. */
  classifierFor(
    mode: RoutingMode,
    request: { readonly agents: readonly AddressedAgent[]; readonly scope: ChannelScope },
    options: { readonly signal: AbortSignal },
  ): Promise<Classifier | undefined>;
  /** How many are held. */
  readonly size: number;
}

/** At most `maxEntries` classifiers, the longest unused going first. Builds end with `signal`, not with who asked first. */
export function createClassifiers(options: {
  readonly factory: ClassifierFactory;
  readonly maxEntries: number;
  readonly signal: AbortSignal;
}): Classifiers {
  const built = new Map<string, Promise<Classifier | undefined>>();
  const build: Classifiers["classifierFor"] = (mode, { agents, scope }) => {
    const routable = agents.map((agent) => ({ ...agent, name: agent.id }));
    return options.factory(mode, { agents: routable, scope }, { signal: options.signal });
  };
  return {
    classifierFor: (mode, request, { signal }) => {
      const key = keyOf(mode, request);
      const classifier = built.get(key) ?? build(mode, request, { signal });
      built.delete(key);
      built.set(key, classifier); // a Map keeps the order of insertion: the entry used last comes last
      classifier.catch(() => built.delete(key));
      for (const oldest of built.keys()) {
        if (built.size <= options.maxEntries) break;
        built.delete(oldest);
      }
      return abortable(classifier, signal);
    },
    get size() {
      return built.size;
    },
  };
}

function keyOf(
  mode: RoutingMode,
  request: { readonly agents: readonly AddressedAgent[]; readonly scope: ChannelScope },
): string {
  return createHash("sha256")
    .update(canonicalJson([mode, request.scope, request.agents]))
    .digest("base64");
}

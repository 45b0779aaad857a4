/** One classifier for each set of agents and each mode, built when it is first asked for. */
import { createHash } from "node:crypto";
import { abortable, type Clock, canonicalJson } from "@lmos/primitives";
import type { AddressedAgent, ChannelScope, Classifier, RoutableAgent, RoutingMode } from "@lmos/router";

/** Builds a classifier between agents whose names are ids; undefined where the mode needs what is not configured. */
export type ClassifierFactory = (
  mode: RoutingMode,
  request: { readonly agents: readonly RoutableAgent[]; readonly scope: ChannelScope },
  options: { readonly signal: AbortSignal },
) => Promise<Classifier | undefined>;

/** The classifiers in use. */
export interface Classifiers {
  /**
   * The one for these agents. Rejects as the factory does, at once for {@link restMs} after that; and at once while one is
   * being built that others have waited for in vain.
   */
  classifierFor(
    mode: RoutingMode,
    request: { readonly agents: readonly AddressedAgent[]; readonly scope: ChannelScope },
    options: { readonly signal: AbortSignal },
  ): Promise<Classifier | undefined>;
  /** How many are held. */
  readonly size: number;
}

/** Milliseconds for which one that could not be built is not tried again. */
export const restMs = 10_000;
/** Milliseconds after which a build is waited for by nobody new. */
export const patienceMs = 5000;

/** How classifiers are made. */
export interface ClassifiersOptions {
  readonly factory: ClassifierFactory;
  readonly maxEntries: number;
  readonly clock: Pick<Clock, "monotonic">;
  readonly signal: AbortSignal;
}

interface Entry {
  readonly classifier: Promise<Classifier | undefined>;
  readonly startedAt: number;
  state: "building" | "built" | "failed";
  failedAt: number;
}

/** At most `maxEntries` classifiers, the longest unused going first. Builds end with `signal`, not with who asked first. */
export function createClassifiers({
  factory,
  maxEntries,
  clock,
  signal: life,
}: ClassifiersOptions): Classifiers {
  const entries = new Map<string, Entry>();
  const start: (...call: Parameters<Classifiers["classifierFor"]>) => Entry = (mode, { agents, scope }) => {
    const classifier = factory(mode, { agents: asRoutable(agents), scope }, { signal: life });
    const entry: Entry = { classifier, startedAt: clock.monotonic(), state: "building", failedAt: 0 };
    classifier.then(
      () => {
        entry.state = "built";
      },
      () => {
        entry.state = "failed";
        entry.failedAt = clock.monotonic();
      },
    );
    return entry;
  };
  const isOver = ({ state, failedAt }: Entry): boolean =>
    state === "failed" && clock.monotonic() - failedAt >= restMs;
  return {
    classifierFor: async (mode, request, { signal }) => {
      const key = keyOf(mode, request);
      const known = entries.get(key);
      const entry = known === undefined || isOver(known) ? start(mode, request, { signal }) : known;
      entries.delete(key);
      entries.set(key, entry); // a Map keeps the order of insertion: the entry used last comes last
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries) break;
        entries.delete(oldest);
      }
      if (entry.state === "building" && clock.monotonic() - entry.startedAt >= patienceMs) {
        throw new Error("the classifier is still being built");
      }
      return abortable(entry.classifier, signal);
    },
    get size() {
      return entries.size;
    },
  };
}

/** Agents as classifiers know them: two may share a name, so that their ids stand for it. */
export function asRoutable(agents: readonly AddressedAgent[]): readonly RoutableAgent[] {
  return agents.map((agent) => ({ ...agent, name: agent.id }));
}

function keyOf(
  mode: RoutingMode,
  request: { readonly agents: readonly AddressedAgent[]; readonly scope: ChannelScope },
): string {
  return createHash("sha256")
    .update(canonicalJson([mode, request.scope, request.agents]))
    .digest("base64");
}

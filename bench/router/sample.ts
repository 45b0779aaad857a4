/** Draws catalogues from a data set. The same seed gives the same catalogue. */
import type { RoutableAgent } from "@lmos/router";
import type { SeededRandom } from "@lmos/testing";
import type { Labelled } from "./data.ts";

/** How many examples a capability gets: a number between the two, drawn for each. */
export interface Shots {
  readonly least: number;
  readonly most: number;
}

/** Fisher-Yates over a copy, with the seeded generator of `@lmos/testing` (mulberry32). */
export function shuffle<T>(items: readonly T[], random: SeededRandom): readonly T[] {
  const keyed = items.map((item) => ({ item, key: random.next() }));
  return keyed.sort((left, right) => left.key - right.key).map(({ item }) => item);
}

/** All agents and capabilities of `train`, in order of their names, each with examples drawn without replacement. */
export function drawCatalogue(
  train: readonly Labelled[],
  shots: Shots,
  random: SeededRandom,
): readonly RoutableAgent[] {
  const byAgent = Map.groupBy(train, ({ agent }) => agent);
  return [...byAgent.keys()].toSorted().map((name) => {
    const byCapability = Map.groupBy(byAgent.get(name) ?? [], ({ capability }) => capability);
    const capabilities = [...byCapability.keys()].toSorted().map((id) => {
      const count = shots.least + Math.floor(random.next() * (shots.most - shots.least + 1));
      const examples = shuffle(byCapability.get(id) ?? [], random)
        .slice(0, count)
        .map(({ text }) => text);
      return { id, name: id, description: "", examples };
    });
    return { name, description: "", capabilities };
  });
}

/** A few agents, with so many capabilities between them, each agent at least one. */
export function drawCapabilities(
  train: readonly Labelled[],
  size: { readonly agents: number; readonly capabilities: number },
  random: SeededRandom,
): ReadonlySet<string> {
  const byAgent = Map.groupBy(train, ({ agent }) => agent);
  const agents = shuffle([...byAgent.keys()].toSorted(), random).slice(0, size.agents);
  const ids = agents.map((agent) =>
    shuffle([...new Set((byAgent.get(agent) ?? []).map(({ capability }) => capability))].toSorted(), random),
  );
  const first = ids.flatMap(([id = ""]) => id);
  const others = shuffle(
    ids.flatMap((own) => own.slice(1)),
    random,
  );
  return new Set([...first, ...others].slice(0, size.capabilities));
}

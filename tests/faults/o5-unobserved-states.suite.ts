/** O5: the controller misses a notification: the next one of the same object takes its place. The end is the same. */
import { canonicalJson } from "@lmos/primitives";
import { type FaultRule, type HistoryEntry, maskVolatile } from "@lmos/testing";
import { expect, it } from "vitest";
import { servers } from "../kubernetes/server.ts";
import type { ServerAccess } from "./harness/access.ts";
import { clientFor, directClient, startFaultPath } from "./harness/access.ts";
import { report } from "./harness/figures.ts";
import { steps, take } from "./harness/recorded-past.ts";
import { runController } from "./harness/run-controller.ts";
import { installWidgets, makeWorld, uniqueName, type WidgetsWorld } from "./harness/widgets-world.ts";

/** A notification that nothing replaces comes this much later. */
const withheldMs = 500;

it.concurrent.each(servers)(
  "O5 on the $name API server: the end state is that of the undisturbed run, whichever notification is missing",
  async ({ name, start }) => {
    await using server = await start();
    await using client = directClient(server);
    await installWidgets(client);
    const worldOf = (label: string): Promise<WidgetsWorld> => makeWorld(client, uniqueName(`o5-${label}`));
    const clean = await run(server, await worldOf("clean"), undefined);
    const plans = Object.entries(clean.events).flatMap(([resource, count]) =>
      Array.from({ length: count }, (_, index) => ({ resource, nth: index + 1 })),
    );
    const wrong: string[] = [];
    const waiting = plans.values();
    const work = async (): Promise<void> => {
      for (const { resource, nth } of waiting) {
        const rule: FaultRule = {
          match: { verbs: ["watch"], resources: [resource] },
          occasion: { kind: "first", count: 1 },
          fault: { kind: "withhold", nth, ms: withheldMs },
        };
        const seen = await run(server, await worldOf(`${resource}-${nth}`), rule);
        if (seen.end !== clean.end) wrong.push(`${resource} ${nth}: ${seen.end} instead of ${clean.end}`);
      }
    };
    await Promise.all(Array.from({ length: 4 }, work));
    report({
      row: "O5",
      server: name,
      fault: "each notification of a run withheld until the next one of its object",
      asked: "end state as in the undisturbed run",
      seen: `${plans.length - wrong.length} of ${plans.length} plans green`,
      reached: wrong.length === 0,
    });
    expect(wrong).toEqual([]);
    expect(plans.length).toBeGreaterThanOrEqual(15);
  },
  600_000,
);

interface Outcome {
  readonly end: string;
  /** How many notifications of each resource the first watch brought. */
  readonly events: Readonly<Record<string, number>>;
}

async function run(server: ServerAccess, world: WidgetsWorld, rule: FaultRule | undefined): Promise<Outcome> {
  await using path = await startFaultPath(server);
  path.http.setRules(rule === undefined ? [] : [rule]);
  await using client = clientFor(path.connection);
  await using controller = runController(client, world.namespace);
  await controller.whenSynced();
  for (const step of steps) {
    await take(world, step);
    await world.converged();
  }
  const end = maskVolatile({ widgets: await world.widgets(), children: await world.children() });
  const { history } = path.http;
  return {
    end: canonicalJson(end),
    events: { widgets: countEvents(history, "widgets"), configmaps: countEvents(history, "configmaps") },
  };
}

function countEvents(history: readonly HistoryEntry[], resource: string): number {
  const watches = new Set(
    history.flatMap((entry) =>
      entry.kind === "request" && entry.request.verb === "watch" && entry.request.resource === resource
        ? [entry.id]
        : [],
    ),
  );
  return history.filter(
    (entry) => entry.kind === "event" && entry.type !== "BOOKMARK" && watches.has(entry.id),
  ).length;
}

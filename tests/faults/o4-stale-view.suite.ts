/**
 * O4: the controller sees the past. It is started, or reconnects, while lists of Widgets, of ConfigMaps or of both show
 * what was true at an earlier point of a recorded run, and watches are silent. What is wanted now must survive that.
 */
import { type FaultRule, isMutating, mutationsOf } from "@lmos/testing";
import { expect, it } from "vitest";
import { servers } from "../kubernetes/server.ts";
import type { ServerAccess } from "./harness/access.ts";
import { clientFor, directClient, startFaultPath } from "./harness/access.ts";
import { pause } from "./harness/eventually.ts";
import { report } from "./harness/figures.ts";
import { type PastView, recordPast } from "./harness/recorded-past.ts";
import { runController } from "./harness/run-controller.ts";
import { installWidgets, makeWorld, uniqueName, type WidgetsWorld } from "./harness/widgets-world.ts";

/** How long the controller may act on what it sees. */
const actMs = 400;

const kinds = ["widgets", "configmaps"];
const frozenKinds = [["widgets"], ["configmaps"], kinds];

it.concurrent.each(servers)(
  "O4 on the $name API server: nothing wanted is deleted, whatever past is seen",
  async ({ name, start }) => {
    await using server = await start();
    await using client = directClient(server);
    await installWidgets(client);
    const world = await makeWorld(client, uniqueName("o4"));
    const past = await recordPast(server, world);
    const plans = past.flatMap((view) =>
      frozenKinds.flatMap((frozen) =>
        (["started", "reconnected"] as const).map((how) => ({ view, frozen, how })),
      ),
    );
    const wrong: string[] = [];
    let staleWrites = 0;
    for (const plan of plans) {
      const { deletions, writes } = await seePast(server, world, plan);
      staleWrites += writes;
      wrong.push(...deletions.map((each) => `${plan.how} at ${plan.view.label}, ${plan.frozen}: ${each}`));
    }
    report({
      row: "O4",
      server: name,
      fault: "started or reconnected to Widgets, ConfigMaps or both as they were at an earlier point",
      asked: "0 wrong deletes, every delete carries uid and resourceVersion",
      seen: `${wrong.length} wrong deletes in ${plans.length} plans; ${staleWrites} updates or creations from old data, all healed when the present was seen`,
      reached: wrong.length === 0,
    });
    expect(wrong).toEqual([]);
  },
  600_000,
);

interface Plan {
  readonly view: PastView;
  readonly frozen: readonly string[];
  readonly how: "started" | "reconnected";
}

/** Lets a controller see that past, then the present again. Everything was converged before: any deletion is wrong. */
async function seePast(
  server: ServerAccess,
  world: WidgetsWorld,
  { view, frozen, how }: Plan,
): Promise<{ readonly deletions: readonly string[]; readonly writes: number }> {
  await using path = await startFaultPath(server);
  await using client = clientFor(path.connection);
  const freeze = (): void => {
    for (const { kind, path: collection, list } of view.lists) {
      if (frozen.includes(kind)) path.http.freeze(collection, list);
    }
  };
  if (how === "started") freeze();
  await using controller = runController(client, world.namespace);
  await controller.whenSynced();
  if (how === "reconnected") {
    freeze();
    path.http.setRules(frozen.map((kind) => expiredOnce(kind)));
    path.http.cutWatches();
  }
  await pause(actMs);
  const accepted = mutationsOf(path.http.history, isMutating).filter(({ status }) => status < 300);
  const deletions = accepted.filter(({ request }) => request.verb === "delete");
  path.http.thaw();
  path.http.cutWatches();
  await world.converged();
  return {
    deletions: deletions.map(({ request }) => request.path),
    writes: accepted.length - deletions.length,
  };
}

/** The next watch is told that its version is too old: it lists again. */
function expiredOnce(resource: string): FaultRule {
  return {
    match: { verbs: ["watch"], resources: [resource] },
    occasion: { kind: "first", count: 1 },
    fault: { kind: "status", status: 410 },
  };
}

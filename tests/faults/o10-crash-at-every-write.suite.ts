/** O10: the controller is killed at each of its writes, before and after the server did it, and finishes when it is started again. */
import { systemClock } from "@lmos/primitives";
import { type CrashScene, crashAtEveryWrite } from "@lmos/testing";
import { expect, it } from "vitest";
import { servers } from "../kubernetes/server.ts";
import { directClient, upstreamOf } from "./harness/access.ts";
import { report } from "./harness/figures.ts";
import { startProgram } from "./harness/program.ts";
import { installWidgets, makeWorld, uniqueName, type WidgetsWorld } from "./harness/widgets-world.ts";

it.concurrent.each(servers)(
  "O10 on the $name API server: every crash plan ends as the clean run does",
  async ({ name, start }) => {
    await using server = await start();
    await using client = directClient(server);
    await installWidgets(client);
    const scene = async (label: string): Promise<CrashScene> =>
      sceneIn(await makeWorld(client, uniqueName(`o10-${label}`)));
    const options = { upstream: upstreamOf(server), clock: systemClock, scene, concurrency: 2 };
    const { writes, results } = await crashAtEveryWrite(options);
    const failed = results.filter(({ differences }) => differences.length > 0);
    report({
      row: "O10",
      server: name,
      fault: "SIGKILL before and after each write (creation, edit, shrinking, growing)",
      asked: "100 % of plans end as the clean run, no creation or deletion twice",
      seen: `${results.length - failed.length} of ${results.length} plans green (${writes.length} writes)`,
      reached: failed.length === 0 && results.length > 0,
    });
    expect(failed).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(16);
  },
  600_000,
);

/** Work that makes the controller create, update and delete. */
function sceneIn(world: WidgetsWorld): CrashScene {
  return {
    start: (server) => {
      const options = JSON.stringify({ server, namespace: world.namespace });
      return startProgram("widget-controller/widget-controller-program.ts", [options]);
    },
    drive: async () => {
      for (const spec of [
        { text: "one", parts: ["a", "b"] },
        { text: "two", parts: ["a", "b"] },
        { text: "two", parts: ["b", "c"] },
      ]) {
        await world.write("w", spec);
        await world.converged();
      }
    },
    observe: async () => ({ widgets: await world.widgets(), children: await world.children() }),
  };
}

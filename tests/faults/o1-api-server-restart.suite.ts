/** O1: the API server is killed and comes back. The controller neither exits nor misses a change, and lists once. */
import { expect, it } from "vitest";
import { directClient, type FaultPath, startFaultPath } from "./harness/access.ts";
import { pause } from "./harness/eventually.ts";
import { allowedMs, report, seconds } from "./harness/figures.ts";
import { startProgram } from "./harness/program.ts";
import { restartableServers } from "./harness/restartable-servers.ts";
import { installWidgets, makeWorld, type WidgetsWorld } from "./harness/widgets-world.ts";

const names = ["a", "b", "c", "d", "e"];
const kinds = ["widgets", "configmaps"];

it.concurrent.each(restartableServers)(
  "O1 on the $name API server: killed for 5 s and for 60 s, converged within 10 s after its return",
  async ({ name, start }) => {
    await using server = await start();
    await using path = await startFaultPath(server);
    await using client = directClient(server);
    await installWidgets(client);
    const world = await makeWorld(client, "o1");
    const options = JSON.stringify({ server: path.url, namespace: world.namespace });
    await using program = startProgram("widget-controller/widget-controller-program.ts", [options]);
    await editAll(world, "first");
    const usualMs = await world.converged();
    for (const downSeconds of [5, 60]) {
      const sinceMs = path.http.nowMs;
      await editAll(world, `before ${downSeconds}`); // the server goes while this is worked on
      await server.kill();
      await pause(downSeconds * 1000);
      await server.start();
      await editAll(world, `after ${downSeconds}`);
      const convergedMs = await world.converged();
      const lists = kinds.map((resource) => answeredLists(path, resource, sinceMs));
      report({
        row: "O1",
        server: name,
        fault: `SIGKILL, back after ${downSeconds} s`,
        asked: "converged <= 10 s after return, no exit, <= 1 list a kind",
        seen: `converged ${seconds(convergedMs)} after return; ${lists.join(" and ")} lists (widgets, configmaps)`,
        reached: convergedMs <= 10_000 && program.ended === undefined && Math.max(...lists) <= 1,
      });
      expect(program.ended).toBeUndefined();
      expect(convergedMs).toBeLessThanOrEqual(allowedMs(10_000, usualMs));
      expect(Math.max(...lists)).toBeLessThanOrEqual(1);
    }
  },
  400_000,
);

/** Five edits at once, each insisting until the server takes it. */
async function editAll(world: WidgetsWorld, text: string): Promise<void> {
  await Promise.all(names.map((each) => world.write(each, { text, parts: ["x", "y"] })));
}

/** Lists that the server answered; those that found nobody cost it nothing. */
function answeredLists({ http }: FaultPath, resource: string, sinceMs: number): number {
  const asked = http.history.flatMap((entry) =>
    entry.kind === "request" &&
    entry.atMs >= sinceMs &&
    entry.request.verb === "list" &&
    entry.request.resource === resource
      ? [entry.id]
      : [],
  );
  return http.history.filter((entry) => entry.kind === "answer" && asked.includes(entry.id)).length;
}

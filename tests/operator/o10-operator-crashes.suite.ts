/**
 * O9 and O10: `lmos operator` is killed at each of its writes, so also between a routing and its status; it finishes when it
 * is started again. Grants are enforced, and an agent that nobody granted anything offers more than the others: I1.
 */
import { systemClock } from "@lmos/primitives";
import { type CrashScene, crashAtEveryWrite } from "@lmos/testing";
import { expect, it } from "vitest";
import { upstreamOf } from "../faults/harness/access.ts";
import { eventually } from "../faults/harness/eventually.ts";
import { report } from "../faults/harness/figures.ts";
import { startProgram } from "../faults/harness/program.ts";
import type { HistoricWire } from "./harness/history.ts";
import { OperatorWorld, wiresOf } from "./harness/operator-world.ts";
import { testServers } from "./operations/test-servers.ts";

const document = { supportedChannels: ["web"], capabilities: [{ name: "news", version: "1.0.0" }] };
/** What no grant names. */
const isGranted = ({ agent }: HistoricWire): boolean => agent !== "squatter";

it.concurrent.each(testServers)(
  "O10 on the $name API server: every crash plan of the operator ends as the clean run does",
  async ({ name, start }) => {
    await using server = await start();
    await using worlds = new AsyncDisposableStack();
    const made: OperatorWorld[] = [];
    const scene = async (label: string): Promise<CrashScene> => {
      const world = worlds.use(await OperatorWorld.make(server, `o10-${label}`));
      made.push(world);
      return sceneIn(world);
    };
    const { writes, results } = await crashAtEveryWrite({
      ...{ upstream: upstreamOf(server), clock: systemClock, scene, concurrency: 3 },
    });
    const failed = results.filter(({ differences }) => differences.length > 0);
    const broken = (
      await Promise.all(made.map((world) => world.history.settledViolations({ isGranted })))
    ).flat();
    report({
      row: "O10",
      server: name,
      fault: "the operator: SIGKILL before and after each write (discovery, agent, channel and routing)",
      asked: "100 % of plans end as the clean run, no creation twice",
      seen: `${results.length - failed.length} of ${results.length} plans green (${writes.length} writes)`,
      reached: failed.length === 0 && results.length > 0,
    });
    report({
      row: "O9",
      server: name,
      fault: "killed between the routing and its status, and everywhere else",
      asked: "the next pass repairs; I1, I2, I3 and I5 hold in every state",
      seen: `${broken.length} states of ${made.length} histories broke one`,
      reached: broken.length === 0,
    });
    expect(failed).toEqual([]);
    expect(broken).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(16);
  },
  600_000,
);

/** A hand-made agent and one that is discovered, a channel that requires both, and a new version of one. */
function sceneIn(world: OperatorWorld): CrashScene {
  return {
    start: (server) =>
      startProgram("../operator/harness/operator-program.ts", [server, world.namespace, "enforce"]),
    drive: async () => {
      const { port } = await world.agentProcess(document);
      await world.tenant("acme");
      await world.grant("acme", {
        providers: ["press", "billing"].map((agent) => ({ namespace: world.namespace, agent })),
        capabilities: ["bill", "news"],
      });
      // One after the other, so that each run has the same writes to be killed at.
      await world.deploy("press", port);
      await untilReported(world, ["press"]);
      await world.agent("billing", ["bill@1.0.0"]);
      await world.agent("squatter", ["bill@1.999.0", "news@1.999.0"]);
      await untilReported(world, ["billing", "press", "squatter"]);
      await world.channel("acme", ["bill@^1.0.0", "news@^1.0.0"]);
      await untilSettled(world, ["billing/bill@1.0.0", "press/news@1.0.0"]);
      await world.agent("billing", ["bill@1.1.0"]);
      await untilSettled(world, ["billing/bill@1.1.0", "press/news@1.0.0"]);
    },
    observe: async () => {
      const routing = await world.routing("acme");
      const created = (await world.routingChanges("acme")).filter(({ type }) => type === "ADDED").length;
      const status = (await world.status("acme"))?.status;
      const { revisions, activeRevision, ...rest } = status ?? {};
      // Whose condition came first is told by their order, and means nothing.
      const agents = (await world.agents()).map(({ metadata, status: said }) => {
        const conditions = said?.conditions?.toSorted((left, right) => (left.type < right.type ? -1 : 1));
        return [metadata.name, { ...said, conditions }];
      });
      const isActive = activeRevision === revisions?.[0]?.revision;
      const end = { wires: wiresOf(routing), created, status: rest, isActive, agents };
      // Each run has a namespace of its own, which is part of host names.
      return JSON.parse(JSON.stringify(end).replaceAll(world.namespace, "(namespace)"));
    },
  };
}

/** Wired, and every status says so. */
async function untilSettled(world: OperatorWorld, wires: readonly string[]): Promise<void> {
  await world.untilWired("acme", wires, 60_000);
  await world.untilSaid("acme", "Ready", "True Active", 60_000);
  await untilReported(world, ["billing", "press"]);
  await eventually(
    "the active wiring is in the status",
    async () => {
      const channel = await world.status("acme");
      const [newest] = channel?.status?.revisions ?? [];
      const held = newest?.wires.map((one) => `${one.agent}/${one.name}@${one.providedVersion}`) ?? [];
      return held.toSorted().join() === wires.toSorted().join();
    },
    60_000,
  );
}

/** These Agents are there, and both controllers have said of them what there is to say. */
function untilReported(world: OperatorWorld, names: readonly string[]): Promise<number> {
  return eventually(
    `${names.join(" and ")} are reported on`,
    async () => {
      const agents = await world.agents();
      return names.every((name) => {
        const agent = agents.find(({ metadata }) => metadata.name === name);
        const said = new Set(agent?.status?.conditions?.map(({ type }) => type));
        const isRead = name !== "press" || said.has("Discovered");
        return (
          agent?.status?.observedGeneration === agent?.metadata.generation && said.has("Ready") && isRead
        );
      });
    },
    60_000,
  );
}

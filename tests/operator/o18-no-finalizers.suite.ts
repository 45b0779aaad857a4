/** O18: the operator holds nothing back: what others delete is gone at once, also when no operator runs any more. */
import { agentKind, channelKind, deploymentKind, serviceKind } from "@lmos/resources";
import { expect, it } from "vitest";
import { eventually } from "../faults/harness/eventually.ts";
import { report, seconds } from "../faults/harness/figures.ts";
import { OperatorWorld } from "./harness/operator-world.ts";
import { testServers } from "./operations/test-servers.ts";

const document = JSON.stringify({
  supportedChannels: ["web"],
  capabilities: [{ name: "bill", version: "1.0.0" }],
});

it.concurrent.each(testServers)(
  "O18 on the $name API server: nothing waits for the operator to go",
  async ({ name, start }) => {
    await using server = await start();
    await using world = await OperatorWorld.make(server, "o18");
    const operator = await world.operate();
    const port = await world.serve((_, response) => {
      response.setHeader("content-type", "application/json").end(document);
    });
    await world.deploy("billing", port);
    await world.channel("acme", ["bill@^1.0.0"]);
    await world.untilWired("acme", ["billing/bill@1.0.0"]);
    const finalizers = world.history.entries.flatMap(({ object }) => object.metadata["finalizers"] ?? []);
    await operator[Symbol.asyncDispose]();
    await world.remove(channelKind, "acme");
    for (const kind of [deploymentKind, serviceKind, agentKind]) await world.remove(kind, "billing");
    const goneMs = await eventually(
      "all of it is gone",
      async () =>
        (await world.agents()).length === 0 &&
        (await world.status("acme")) === undefined &&
        (await world.routing("acme")) === undefined,
      60_000,
    );
    report({
      row: "O18",
      server: name,
      fault: "the operator is gone; channel, agent, Deployment and Service are deleted",
      asked: "no finalizer of ours in any state; gone <= 60 s",
      seen: `${finalizers.length} finalizers; gone after ${seconds(goneMs)}`,
      reached: finalizers.length === 0 && goneMs <= 60_000,
    });
    expect(finalizers).toEqual([]);
  },
  120_000,
);

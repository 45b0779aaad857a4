/**
 * Objects in, decision out: each `testdata/channel/NAME.in.yaml` holds a Channel and what is around it, the `.out.yaml`
 * beside it the decision, the plan and the events. `npx vitest run -u` writes the latter anew.
 */
import { readdirSync, readFileSync } from "node:fs";
import type { KubeObject } from "@lmos/kube";
import { isRecord } from "@lmos/primitives";
import { agentKind, channelKind, channelRoutingKind } from "@lmos/resources";
import { expect, it } from "vitest";
import { parseAllDocuments, stringify } from "yaml";
import type { Command } from "../commands.ts";
import { planRouting } from "../routing/plan.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { decideChannel } from "./decide.ts";
import { desiredRouting } from "./desired-routing.ts";
import { gatherChannel } from "./gather.ts";
import { planChannel } from "./plan.ts";
import { reportChannel } from "./report.ts";

const folder = new URL("../testdata/channel/", import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".in.yaml"))
  .map((file) => file.replace(".in.yaml", ""));

it.each(names)("%s", async (name) => {
  const cluster = load(readFileSync(new URL(`${name}.in.yaml`, folder), "utf8"));
  const input = gatherChannel({ namespace: "default", name: "acme-web" }, cluster.stores, {
    nowMs: Date.parse("2026-01-01T00:00:00Z"),
    mode: "off",
  });
  if (input === undefined) throw new TypeError(`${name} has no Channel acme-web`);
  const decision = decideChannel(input);
  const { status, events } = planChannel(
    decision,
    reportChannel(decision, input, "2026-01-01T00:00:00Z"),
    input,
  );
  const plan = [...planRouting(desiredRouting(decision, input), input), status, ...events];
  const text = stringify({ decision: decision.kind, plan: plan.map(summary) }, { lineWidth: 0 });
  await expect(text).toMatchFileSnapshot(`../testdata/channel/${name}.out.yaml`);
});

function load(text: string): FakeCluster {
  const cluster = new FakeCluster();
  for (const document of parseAllDocuments(text)) {
    const object: unknown = document.toJS();
    if (!isRecord(object) || !isRecord(object["metadata"])) throw new TypeError("not an object");
    const { kind } = object;
    const complete = {
      ...object,
      apiVersion: "lmos.eclipse/v1",
      metadata: { ...object["metadata"], namespace: "default" },
    };
    if (kind === "Agent") cluster.agents.put(agentKind.parse(complete));
    else if (kind === "Channel") cluster.channels.put(channelKind.parse(complete));
    else cluster.routings.put(channelRoutingKind.parse(complete));
  }
  return cluster;
}

function summary(command: Command): unknown {
  if (command.kind === "record")
    return { event: `${command.event.type} ${command.event.reason}: ${command.event.note}` };
  if (command.kind === "delete") return { delete: command.target };
  return { apply: command.target, ...contents(command.desired) };
}

function contents(object: KubeObject): object {
  return object.kind === "Channel" && "status" in object
    ? { status: object.status }
    : {
        labels: object.metadata.labels,
        owner: object.metadata.ownerReferences?.[0]?.uid,
        ...("spec" in object ? { spec: object.spec } : {}),
      };
}

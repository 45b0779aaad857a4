/** Row S1 on a running runtime: routings name agents that nobody granted, as an operator without its check would write them. */
import type { KubeObject } from "@lmos/kube";
import { formatLocalEndpoints, type GrantsMode, localEndpointsAnnotation } from "@lmos/resources";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { isRuntimeError } from "../errors.ts";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { FakeKubeClient } from "../testing/fake-kube-client.ts";
import { grantOf, tenantOfName } from "../testing/grants.ts";
import { routingOf } from "../testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "../testing/running-runtime.ts";

let agent: FakeAgent;
let running: RunningRuntime | undefined;

beforeAll(async () => {
  agent = await startFakeAgent();
});
afterAll(() => agent[Symbol.asyncDispose]());
afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

function serviceOf(name: string): KubeObject {
  const endpoints = formatLocalEndpoints([{ address: "127.0.0.1", port: 8080, targetPort: agent.port }]);
  const annotations = { [localEndpointsAnnotation]: endpoints };
  const metadata = { name, namespace: "default", annotations };
  return { ...{ apiVersion: "v1", kind: "Service", metadata }, ...{ spec: {} } };
}

const sketch = (name: string, ...examples: readonly string[]) => ({
  ...{ name, examples, capability: `${name}-work` },
  host: `${name}.default.svc.cluster.local`,
});
const routing = routingOf([
  sketch("orders", "where is my order", "track my parcel"),
  sketch("billing", "why is my bill so high", "send me my invoice"),
]);

async function start(
  grants: GrantsMode | undefined,
  ...objects: readonly KubeObject[]
): Promise<RunningRuntime> {
  const all = [routing, serviceOf("orders"), serviceOf("billing"), ...objects];
  running = await startTestRuntime({ objects: all, ...(grants === undefined ? {} : { grants }) });
  return running;
}

let turns = 0;
async function ask(explicitAgent: string | undefined, content = "where is my order") {
  turns += 1;
  const response = await fetch(`${running?.url}/apis/v1/acme/chat/c${turns}/message`, {
    method: "POST",
    headers: {
      ...{ "content-type": "application/json", "x-turn-id": `t${turns}` },
      "x-lmos-explain": "true",
    },
    body: JSON.stringify({
      inputContext: { messages: [{ role: "user", content, format: "text" }], explicitAgent },
      systemContext: { channelId: "web" },
      userContext: { userId: "u1" },
    }),
  });
  await response.arrayBuffer();
  return { status: response.status, by: response.headers.get("x-lmos-agent") };
}

async function metric(name: string): Promise<string | undefined> {
  const text = await (await fetch(`${running?.managementUrl}/metrics`)).text();
  return text.split("\n").find((line) => line.startsWith(`${name} `));
}

const onlyOrders = grantOf("orders", { providers: [{ namespace: "default", agent: "orders" }] });

describe("S1 an agent that nobody granted", () => {
  test("gets no turn with enforce, and the others go on", async () => {
    await start("enforce", onlyOrders);
    expect(await ask("orders")).toMatchObject({ status: 200 });
    expect(await ask("billing")).toMatchObject({ status: 404 });
    expect((await ask(undefined, "why is my bill so high")).by).not.toBe("billing");
    expect(await metric("lmos_ungranted_wires")).toBe("lmos_ungranted_wires 1");
  });

  test("is in no list of agents with enforce", async () => {
    const { url } = await start("enforce", onlyOrders);
    const listed = await (await fetch(`${url}/apis/v1/agents/acme/web`)).text();
    expect([listed.includes("orders"), listed.includes("billing")]).toEqual([true, false]);
  });

  test("gets turns with audit, and is counted", async () => {
    await start("audit", onlyOrders);
    expect(await ask("billing")).toMatchObject({ status: 200 });
    expect(await metric("lmos_ungranted_wires")).toBe("lmos_ungranted_wires 1");
  });

  test.each([undefined, "off"] as const)("gets turns with grants %s, whatever there is", async (grants) => {
    await start(grants, onlyOrders, tenantOfName("globex"));
    expect(await ask("billing")).toMatchObject({ status: 200 });
    expect(await metric("lmos_ungranted_wires")).toBe("lmos_ungranted_wires 0");
  });

  test("loses its turns as soon as its grant is gone", async () => {
    const grant = grantOf("billing", { providers: [{ namespace: "default", agent: "billing" }] });
    const { client } = await start("enforce", onlyOrders, grant);
    expect(await ask("billing")).toMatchObject({ status: 200 });
    client.remove(grant);
    await expect.poll(async () => (await ask("billing")).status).toBe(404);
    expect(await ask("orders")).toMatchObject({ status: 200 });
  });
});

test("S1 nothing is served, and the runtime is not ready, before grants may be listed", async () => {
  const client = new FakeKubeClient();
  client.forbidden.add("CapabilityGrant");
  running = await startTestRuntime({ client, objects: [routing], grants: "enforce", waitsUntilReady: false });
  expect((await fetch(`${running.managementUrl}/readyz`)).status).toBe(503);
  expect((await ask("orders")).status).toBe(404);
});

test("S1 grants are refused where routings do not come from the API server", async () => {
  const origin = { kind: "operator", url: "http://127.0.0.1:9" } as const;
  const starting = startTestRuntime({ routings: origin, grants: "enforce" });
  const error: unknown = await starting.catch((thrown: unknown) => thrown);
  expect(isRuntimeError(error, "InvalidRoutings")).toBe(true);
});

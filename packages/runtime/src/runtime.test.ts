import { loadStaticModel } from "@lmos/embeddings";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { expect, test } from "vitest";
import { startRuntime } from "./runtime.ts";
import { startFakeAgent } from "./testing/fake-agent.ts";
import { FakeKubeClient } from "./testing/fake-kube-client.ts";
import { routingOf } from "./testing/routings.ts";

test("smoke", async () => {
  const signal = new AbortController().signal;
  await using agent = await startFakeAgent();
  const client = new FakeKubeClient();
  client.put(routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}` }]));
  await using runtime = await startRuntime({
    client,
    embedding: await loadStaticModel({ signal }),
    clock: systemClock,
    random: systemRandom,
    ids: systemIds,
    logger: silentLogger,
    local: true,
    listen: { host: "127.0.0.1", port: 0 },
    management: { host: "127.0.0.1", port: 0 },
    signal,
  });
  while (!runtime.ready) await new Promise((r) => setTimeout(r, 10));
  const url = `http://127.0.0.1:${runtime.address.port}/apis/v1/acme/chat/c1/message`;
  const body = JSON.stringify({ inputContext: { messages: [{ role: "user", content: "hello" }], explicitAgent: "agent-0" }, systemContext: { channelId: "web" }, userContext: { userId: "u1" } });
  for (const accept of ["application/json", "text/event-stream"]) {
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json", "x-turn-id": "t1", accept, "x-lmos-explain": "true" }, body });
    console.log(response.status, [...response.headers], await response.text());
  }
  expect(1).toBe(1);
});

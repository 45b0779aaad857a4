/** The doors that show channels, over mirrors of an API server; over an operator they are in recorded-rest.test.ts. */
import { apiVersion, channelKind } from "@lmos/resources";
import { afterAll, beforeAll, expect, test } from "vitest";
import { routingOf } from "../testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "../testing/running-runtime.ts";

function channelOf(subset: string): ReturnType<typeof channelKind.parse> {
  return channelKind.parse({
    apiVersion,
    kind: "Channel",
    metadata: {
      name: `acme-web-${subset}`,
      namespace: "default",
      labels: { channel: "web", subset, tenant: "acme", version: "1.0.0" },
    },
    spec: { requiredCapabilities: [{ name: "capability-0", version: ">=1.0.0" }] },
    status: { resolveStatus: "RESOLVED" },
  });
}

const agent = { name: "agent-0", host: "127.0.0.1:9901", examples: ["not shown"] };
let running: RunningRuntime;

beforeAll(async () => {
  const objects = [channelOf("stable"), channelOf("canary"), routingOf([agent])];
  running = await startTestRuntime({ objects });
});
afterAll(() => running[Symbol.asyncDispose]());

async function get(path: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${running.url}${path}`, { headers });
  return { status: response.status, body: (await response.json()) as unknown };
}

const channels = "/apis/v1/tenants/acme/channels";

test.each([
  { name: "the default subset", headers: {}, found: "acme-web-stable" },
  { name: "an empty subset", headers: { "x-subset": "" }, found: "acme-web-stable" },
  { name: "a named subset", headers: { "x-subset": "canary" }, found: "acme-web-canary" },
])("$name is answered from the mirrors", async ({ headers, found }) => {
  expect(await get(channels, headers)).toMatchObject({ status: 200, body: [{ metadata: { name: found } }] });
  expect(await get(`${channels}/web`, headers)).toMatchObject({ body: { metadata: { name: found } } });
});

test("a routing is shown as the Kotlin operator's callers know it, without examples", async () => {
  const { status, body } = await get(`${channels}/web/routing`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ spec: { capabilityGroups: [{ name: "agent-0" }] } });
  expect(JSON.stringify(body)).not.toContain("not shown");
});

test("only the named namespace is looked into, if one is named", async () => {
  expect(await get(channels, { "x-namespace": "n1" })).toEqual({ status: 200, body: [] });
  for (const namespace of ["default", ""]) {
    expect(await get(channels, { "x-namespace": namespace })).toMatchObject({ body: [{ kind: "Channel" }] });
  }
});

test("a name with a path in it is only a name", async () => {
  const path = "/apis/v1/tenants/acme%2Fchannels%2Fweb/channels/web/routing";
  expect((await get(path)).status).toBe(404);
});

/** What the Kotlin runtime answered about channels, replayed against mirrors of the same objects. */
import { readFileSync } from "node:fs";
import { apiVersion, channelKind, channelRoutingKind } from "@lmos/resources";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type RunningRuntime, startTestRuntime } from "../testing/running-runtime.ts";

const recorded = z
  .array(
    z.object({
      name: z.string(),
      request: z.object({ path: z.string(), headers: z.record(z.string(), z.string()) }),
      response: z.object({ status: z.number(), body: z.unknown() }),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL("../testdata/recorded-channels.json", import.meta.url), "utf8")));

const metadata = {
  creationTimestamp: "2026-01-01T00:00:00Z",
  generation: 1,
  uid: "00000000-0000-0000-0000-000000000001",
};

function channelOf(subset: string): ReturnType<typeof channelKind.parse> {
  return channelKind.parse({
    apiVersion,
    kind: "Channel",
    metadata: {
      ...metadata,
      name: `acme-web-${subset}`,
      namespace: "default",
      labels: { channel: "web", subset, tenant: "acme", version: "1.0.0" },
    },
    spec: { requiredCapabilities: [{ name: "capability-0", version: ">=1.0.0" }] },
    status: { resolveStatus: "RESOLVED" },
  });
}

const routing = channelRoutingKind.parse({
  apiVersion,
  kind: "ChannelRouting",
  metadata: channelOf("stable").metadata,
  spec: {
    capabilityGroups: [
      {
        id: "agent-0",
        name: "agent-0",
        description: "Agent number 0",
        capabilities: [
          {
            id: "cap-0",
            name: "capability-0",
            providedVersion: "1.1.0",
            requiredVersion: ">=1.0.0",
            description: "Handles topic number 0",
            host: "127.0.0.1:9901",
            examples: ["not shown"],
          },
        ],
      },
    ],
  },
});

let running: RunningRuntime;

beforeAll(async () => {
  running = await startTestRuntime({ objects: [channelOf("stable"), channelOf("canary"), routing] });
});
afterAll(() => running[Symbol.asyncDispose]());

async function get(
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${running.url}${path}`, { headers });
  const text = await response.text();
  // The fake API server counts versions its own way.
  return {
    status: response.status,
    body: JSON.parse(text.replace(/"resourceVersion":"\d+"/, '"resourceVersion":"1"')),
  };
}

test.each(recorded)("$name is answered as recorded", async ({ request, response }) => {
  // The operator of the recording ignored the namespace; ours, like the Kotlin one, does not.
  const { "x-namespace": _, ...headers } = request.headers;
  const answer = await get(request.path, headers);
  expect(answer).toEqual({ status: response.status, body: response.body });
  expect(JSON.stringify(answer.body)).toBe(JSON.stringify(response.body));
});

test("only the named namespace is looked into", async () => {
  const path = "/apis/v1/tenants/acme/channels";
  expect(await get(path, { "x-namespace": "n1" })).toEqual({ status: 200, body: [] });
  expect(await get(path, { "x-namespace": "default" })).toMatchObject({ body: [{ kind: "Channel" }] });
});

test("a name with a path in it is only a name", async () => {
  const path = "/apis/v1/tenants/acme%2Fchannels%2Fweb/channels/web/routing";
  expect((await get(path)).status).toBe(404);
});

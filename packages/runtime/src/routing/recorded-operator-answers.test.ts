/**
 * What the Kotlin runtime makes of what an operator may answer over HTTP, at all five doors that ask it: the same status and
 * code of error; what differs on purpose has its row of docs/compatibility.md.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { messageBody, type RunningRuntime, startTestRuntime } from "../testing/running-runtime.ts";

const outcomeSchema = z.object({ status: z.number(), code: z.string().optional() });
const recorded = z
  .array(
    z.object({
      name: z.string(),
      status: z.number().default(200),
      /** To the same address, which then answers as usual. */
      redirect: z.number().optional(),
      type: z.string().nullable().default("application/json"),
      /** In place of the document that is asked for. */
      text: z.string().optional(),
      before: z.string().default(""),
      behind: z.string().default(""),
      twice: z.boolean().default(false),
      half: z.boolean().default(false),
      gzip: z.boolean().default(false),
      hints: z.boolean().default(false),
      cut: z.enum(["before", "within"]).optional(),
      answers: z.record(z.enum(["chat", "agents", "routing", "channel", "channels"]), outcomeSchema),
    }),
  )
  .parse(
    JSON.parse(readFileSync(new URL("../testdata/recorded-operator-answers.json", import.meta.url), "utf8")),
  );
type Recorded = (typeof recorded)[number];
type Door = keyof Recorded["answers"];
type Outcome = z.infer<typeof outcomeSchema>;

const read =
  "an operator's answer is compressed, comes behind early hints, or its media type is not one of JSON";
const differences: readonly { readonly row: string; readonly names: RegExp; readonly outcome: Outcome }[] = [
  {
    row: read,
    names: /^(gzip|early hints|text\/(plain|html)|no media type|a media type that is none): /,
    outcome: { status: 200 },
  },
  {
    row: "an operator's redirection",
    names: /^30[17] to itself: /,
    outcome: { status: 500, code: "INTERNAL_SERVER_ERROR" },
  },
];

const cases = recorded.flatMap((answer) =>
  Object.entries(answer.answers).map(([door, outcome]) => ({
    name: `${answer.name}: ${door}`,
    ...{ answer, door: door as Door, outcome },
  })),
);
const differenceOf = (name: string) => differences.find(({ names }) => names.test(name));

let current: Recorded | undefined;
let agent: FakeAgent;
let running: RunningRuntime;
const operator = createServer(({ url = "" }, response) => {
  const [path = "", query] = url.split("?");
  if (current?.redirect !== undefined && query === undefined)
    response.writeHead(current.redirect, { location: `${path}?again` }).end();
  else if (current !== undefined) send(current, documentOf(path), response);
});
beforeAll(async () => {
  agent = await startFakeAgent();
  operator.listen(0, "127.0.0.1");
  await once(operator, "listening");
  const url = `http://127.0.0.1:${(operator.address() as AddressInfo).port}`;
  running = await startTestRuntime({ routings: { kind: "operator", url } });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
  operator.closeAllConnections();
  operator.close();
});

/** The document under that path, of whatever tenant it is. */
function documentOf(path: string): unknown {
  const [, tenant = "", one, routing] =
    /\/tenants\/([^/]+)\/channels(\/[^/]+)?(\/routing)?$/.exec(path) ?? [];
  const labels = { channel: "web", subset: "stable", tenant, version: "1.0.0" };
  const head = { apiVersion: "lmos.eclipse/v1", metadata: { name: "web", namespace: "default", labels } };
  const channel = {
    ...head,
    kind: "Channel",
    spec: { requiredCapabilities: [{ id: "c", name: "c", version: ">=1.0.0", strategy: "HIGHEST" }] },
    status: { resolveStatus: "RESOLVED", unresolvedRequiredCapabilities: [] },
  };
  if (one === undefined) return [channel];
  if (routing === undefined) return channel;
  const versions = { providedVersion: "1.0.0", requiredVersion: "1.0.0" };
  const capability = { id: "c", name: "c", description: "d", host: `127.0.0.1:${agent.port}`, ...versions };
  const group = { id: "agent-0", name: "agent-0", description: "d", capabilities: [capability] };
  return { ...head, kind: "ChannelRouting", spec: { capabilityGroups: [group] } };
}

function send(answer: Recorded, document: unknown, response: ServerResponse): void {
  if (answer.cut === "before") return void response.destroy();
  const whole = answer.text ?? JSON.stringify(document);
  const text = `${answer.before}${answer.half ? whole.slice(0, 60) : whole}${answer.twice ? whole : ""}${answer.behind}`;
  if (answer.hints) response.writeEarlyHints({ link: "</x>; rel=preload" });
  response.statusCode = answer.status;
  if (answer.type !== null) response.setHeader("content-type", answer.type);
  if (answer.gzip) response.setHeader("content-encoding", "gzip");
  if (answer.cut === undefined) return void response.end(answer.gzip ? gzipSync(text) : text);
  response.setHeader("content-length", Buffer.byteLength(text) + 50);
  response.write(text, () => response.destroy());
}

function ask(door: Door, tenant: string): Promise<Response> {
  const base = `${running.url}/apis/v1`;
  const channels = `${base}/tenants/${tenant}/channels`;
  switch (door) {
    case "chat":
      return fetch(`${base}/${tenant}/chat/c1/message`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-turn-id": "t1" },
        body: messageBody("hello"),
      });
    case "agents":
      return fetch(`${base}/agents/${tenant}/web`);
    case "routing":
      return fetch(`${channels}/web/routing`);
    case "channel":
      return fetch(`${channels}/web`);
    case "channels":
      return fetch(channels);
    default:
      return door satisfies never;
  }
}

/** Each is asked for a tenant of its own, of whom nothing is known. */
async function outcomeOf({ answer, door, name }: (typeof cases)[number]): Promise<Outcome> {
  current = answer;
  const response = await ask(door, `t${cases.findIndex((each) => each.name === name)}`);
  const body: unknown = await response.json();
  const { errorCode } = z.object({ errorCode: z.string().optional() }).catch({}).parse(body);
  return { status: response.status, ...(errorCode !== undefined && { code: errorCode }) };
}

describe("is answered as by the Kotlin runtime:", () => {
  test.each(cases.filter(({ name }) => differenceOf(name) === undefined))("$name", async (each) => {
    expect(await outcomeOf(each)).toEqual(each.outcome);
  });
});

describe("is answered otherwise:", () => {
  test.each(cases.filter(({ name }) => differenceOf(name) !== undefined))("$name", async (each) => {
    const outcome = differenceOf(each.name)?.outcome;
    expect(await outcomeOf(each)).toEqual(outcome);
    expect(each.outcome).not.toEqual(outcome);
  });
});

describe("the table of differences", () => {
  const documented = readFileSync(new URL("../../../../docs/compatibility.md", import.meta.url), "utf8");

  test.each(differences)("has a row for, and names something by, $names", (difference) => {
    expect(documented).toContain(`\n| ${difference.row} |`);
    expect(cases.some(({ name }) => differenceOf(name) === difference)).toBe(true);
  });
});

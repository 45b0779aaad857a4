/**
 * The 28 dialogues that were recorded from ARC 0.126 on its Ktor server, replayed against an agent of this SDK with the
 * same agents: same frames, same close codes. What differs on purpose is in the table below, with its row of
 * docs/compatibility.md.
 */
import { readFileSync } from "node:fs";
import { isRecord } from "@lmos/primitives";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { AgentServer } from "./agent-server.ts";
import { testAgent } from "./test-agents.ts";
import { TestCaller, upgradeAnswer } from "./test-caller.ts";
import { startTestServer } from "./testing/test-server.ts";
import type { TurnContext } from "./turn-context.ts";

const dialogues = z
  .array(
    z.object({
      name: z.string(),
      offered: z.array(z.string()).nullable(),
      end: z.string(),
      code: z.number().nullable(),
      reason: z.string().nullable(),
      steps: z.array(z.object({ send: z.unknown().optional(), expect: z.unknown().optional() })),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL("testdata/arc-0.126-dialogues.json", import.meta.url), "utf8")));
type Dialogue = (typeof dialogues)[number];

const stub = (context: TurnContext): string => `stub: ${context.message}`;
let server: AgentServer;

beforeAll(async () => {
  server = await startTestServer([
    testAgent("agent-0", stub),
    testAgent("failing", () => Promise.reject(new Error("fails"))),
    testAgent("breaking", () => ({ content: "stopped early", status: "UNRESOLVED" })),
    testAgent("chatty", (context) => {
      context.setContext("k", "v");
      return stub(context);
    }),
  ]);
});
afterAll(() => server.stop());

/** How a dialogue ends: refused before it begins, closed by the agent, or open. */
type End = string | { readonly code: number; readonly reason: string };

/** A difference: the first cell of its row in docs/compatibility.md, and what comes instead. */
interface Difference {
  readonly row: string;
  readonly frames?: readonly unknown[];
  readonly end?: End;
}

const ack = { type: "connection_ack" };
const complete = { type: "complete", id: "s1" };
const messages = (content: string) => [{ role: "assistant", content, format: "text" }];
const resultFrame = (agent: object) => ({
  type: "next",
  id: "s1",
  payload: {
    data: { agent: { responseTime: 0, anonymizationEntities: [], status: null, context: [], ...agent } },
  },
});
const answered = (content: string) => [ack, resultFrame({ messages: messages(content) }), complete];
const defaults = "GraphQL: `format`, `systemContext`, `profile` left out";

const differences: Readonly<Record<string, Difference>> = {
  "ok, no subprotocol": { row: "a socket without a sub-protocol", end: "open" },
  "runtime HEAD document (type, toolCalls)": {
    row: "`type` and `toolCalls` of a result",
    frames: [
      ack,
      resultFrame({ type: "MESSAGE", toolCalls: [], messages: messages("stub: hello") }),
      complete,
    ],
  },
  "missing format": { row: defaults, frames: answered("stub: a") },
  "missing systemContext": { row: defaults, frames: answered("stub: hello") },
};

describe("answers as recorded, or as the table says:", () => {
  it.each(dialogues)("$name", async (dialogue) => {
    const difference = differences[dialogue.name];
    const expected = {
      frames:
        difference?.frames ??
        dialogue.steps.flatMap(({ expect: frame }) => (frame === undefined ? [] : [frame])),
      end: difference?.end ?? recordedEnd(dialogue),
    };
    const seen = await replay(dialogue, expected);
    expect(seen).toEqual(mask(expected));
  });
});

describe("the table of differences", () => {
  const names = new Set(dialogues.map(({ name }) => name));
  const documented = readFileSync(new URL("../../../docs/compatibility.md", import.meta.url), "utf8");

  it("names recorded dialogues only, of the 28", () => {
    expect(Object.keys(differences).filter((name) => !names.has(name))).toEqual([]);
    expect(dialogues.length).toBe(28);
  });

  it.each(Object.entries(differences))("%s has its row in docs/compatibility.md", (_name, { row }) => {
    expect(documented).toContain(`\n| ${row} |`);
  });
});

/** Times differ, and ARC writes a status that there is not as the text "null". */
function mask<T>(value: T): T {
  if (Array.isArray(value)) return value.map(mask) as T;
  if (!isRecord(value) || "asymmetricMatch" in value) return value;
  const masked = Object.entries(value).map(([key, member]) => {
    if (key === "responseTime") return [key, 0];
    return [key, key === "status" && member === "null" ? null : mask(member)];
  });
  return Object.fromEntries(masked) as T;
}

function recordedEnd({ end, code, reason }: Dialogue): End {
  if (code !== null) return { code, reason: reason ?? "" };
  return end.startsWith("http ") ? end : "open";
}

/** Plays the caller. What the agent sends beyond what is expected would be in the way of the pong that ends it. */
async function replay(
  { offered, steps }: Dialogue,
  expected: { readonly frames: readonly unknown[]; readonly end: End },
): Promise<unknown> {
  const subprotocols = offered ?? [];
  const header = subprotocols.map((name) => `Sec-WebSocket-Protocol: ${name}`);
  const status = (await upgradeAnswer(server.port, "/subscriptions", header)).slice(9, 12);
  if (status !== "101") return { frames: [], end: `http ${status}` };
  using caller = await TestCaller.open({ port: server.port, subprotocols });
  const frames: unknown[] = [];
  const owed = [...expected.frames];
  for (const { send, expect: frame } of steps) {
    if (send !== undefined) caller.send(send);
    if (frame !== undefined && owed.shift() !== undefined) frames.push(mask(await caller.next()));
  }
  for (const _ of owed) frames.push(mask(await caller.next()));
  if (typeof expected.end !== "string") return { frames, end: await caller.closed() };
  caller.send({ type: "ping" });
  const last = await caller.next();
  return { frames, end: last["type"] === "pong" ? "open" : last };
}

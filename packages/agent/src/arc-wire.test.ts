/**
 * What ARC 0.126 answers to callers who err or ask for much, as it was recorded (tests/interop records it): an agent of this
 * SDK answers the same. Where it does not, `told-otherwise.json` has what it answers, under the row of docs/compatibility.md.
 */
import { readFileSync } from "node:fs";
import { isRecord, silentLogger } from "@lmos/primitives";
import { FakeClock, SequentialIds } from "@lmos/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type AgentServer, startAgentServer } from "./agent-server.ts";
import { testAgents } from "./test-agents.ts";
import { TestCaller, upgradeAnswer } from "./test-caller.ts";

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");

const endSchema = z.union([z.string(), z.object({ code: z.number(), reason: z.string() })]);
const stepSchema = z.union([
  z.literal("handshake"),
  z.object({ send: z.unknown() }),
  z.object({ expect: z.unknown() }),
  z.object({ binary: z.string() }),
]);
type Step = z.infer<typeof stepSchema>;

const { documents, dialogues } = z
  .object({
    documents: z.record(z.string(), z.string()),
    dialogues: z.array(
      z.object({
        name: z.string(),
        offered: z.array(z.string()).nullable().default(["graphql-transport-ws"]),
        steps: z.array(stepSchema),
        end: endSchema,
      }),
    ),
  })
  .parse(JSON.parse(read("testdata/arc-0.126-wire.json")));
type Dialogue = (typeof dialogues)[number];

const otherwise = z
  .record(z.string(), z.record(z.string(), z.object({ frames: z.array(z.unknown()), end: endSchema })))
  .parse(JSON.parse(read("testdata/told-otherwise.json")));
const told = new Map(Object.values(otherwise).flatMap((answers) => Object.entries(answers)));

let server: AgentServer;

beforeAll(async () => {
  server = await startAgentServer({
    agents: testAgents,
    ...{ host: "127.0.0.1", port: 0, clock: new FakeClock(), ids: new SequentialIds(), logger: silentLogger },
    timeoutMs: 5000,
    drainTimeoutMs: 1000,
  });
});
afterAll(() => server.stop());

describe("a caller is answered as by ARC, or as it is written down:", () => {
  it.each(dialogues)("$name", async (dialogue) => {
    const recorded = { frames: framesOf(dialogue.steps), end: dialogue.end };
    const expected = told.get(dialogue.name) ?? recorded;
    expect(await play(dialogue, expected)).toEqual(masked(expected));
  });
});

describe("what is written down", () => {
  const names = new Set(dialogues.map(({ name }) => name));
  const documented = read("../../../docs/compatibility.md");

  it("is of recorded dialogues, each of which has a name of its own", () => {
    expect([...told.keys()].filter((name) => !names.has(name))).toEqual([]);
    expect(names.size).toBe(dialogues.length);
  });

  it.each(Object.keys(otherwise))("under %s has its row in docs/compatibility.md", (row) => {
    expect(documented).toContain(`\n| ${row} |`);
  });

  it.each([...told.keys()])("of %s differs", (name) => {
    const dialogue = dialogues.find((each) => each.name === name);
    const recorded = { frames: framesOf(dialogue?.steps ?? []), end: dialogue?.end };
    expect(masked(recorded)).not.toEqual(masked(told.get(name)));
  });
});

function framesOf(steps: readonly Step[]): readonly unknown[] {
  return steps.flatMap((step) => {
    if (step === "handshake") return [{ type: "connection_ack" }];
    return "expect" in step ? [step.expect] : [];
  });
}

/** Times differ, as do the ids of turns that have none, and ARC writes a status that there is not as the text "null". */
function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, member]) => {
    if (key === "responseTime") return [key, 0];
    if (key === "turnId" && /^(made|id-\d+)$/.test(String(member))) return [key, "made"];
    return [key, key === "status" && member === "null" ? null : masked(member)];
  });
  return Object.fromEntries(entries);
}

interface Expected {
  readonly frames: readonly unknown[];
  readonly end: z.infer<typeof endSchema>;
}

/** Sends what was sent, each after the answers to what came before. Frames too many would come before the last pong. */
async function play({ offered, steps }: Dialogue, expected: Expected): Promise<unknown> {
  const header = (offered ?? []).map((name) => `Sec-WebSocket-Protocol: ${name}`);
  const status = (await upgradeAnswer(server.port, "/subscriptions", header)).slice(9, 12);
  if (status !== "101") return { frames: [], end: `http ${status}` };
  using caller = await TestCaller.open({ port: server.port, subprotocols: offered ?? [] });
  const frames: unknown[] = [];
  const take = async () => void frames.push(masked(await caller.next()));
  for (const step of steps) {
    send(caller, step);
    if ((step === "handshake" || "expect" in step) && frames.length < expected.frames.length) await take();
  }
  while (frames.length < expected.frames.length) await take();
  if (typeof expected.end !== "string") return { frames, end: await caller.closed() };
  caller.send({ type: "ping" });
  const last = await caller.next();
  return { frames, end: last["type"] === "pong" ? "open" : last };
}

function send(caller: TestCaller, step: Step): void {
  if (step === "handshake") caller.send({ type: "connection_init" });
  else if ("send" in step) caller.send(withDocument(step.send));
  else if ("binary" in step) caller.socket.send(Buffer.from(step.binary));
}

/** A long document that is sent again and again has a short name in the recording. */
function withDocument(frame: unknown): unknown {
  if (!isRecord(frame) || !isRecord(frame["payload"])) return frame;
  const { payload } = frame;
  const document = documents[String(payload["query"])];
  return document === undefined ? frame : { ...frame, payload: { ...payload, query: document } };
}

import { silentLogger } from "@lmos/primitives";
import { handoverStatus } from "@lmos/protocol";
import { FakeClock } from "@lmos/testing";
import { describe, expect, test } from "vitest";
import { maxRememberedLength, type RememberedConversation } from "../conversation/conversation-memory.ts";
import { createConversations } from "../conversation/stored-conversations.ts";
import { silentMetrics } from "../testing/metrics.ts";
import { type LogLine, recordingLogger } from "../testing/recording-logger.ts";
import { turnOf } from "../testing/turns.ts";
import { TurnRecord } from "./record.ts";
import type { RoutingEvent, TurnEvent } from "./turn.ts";

const choices = [{ agent: "billing", capability: "invoices", confidence: 0.5 }];
const routing = (more: Partial<RoutingEvent>): TurnEvent => ({
  kind: "routing",
  stage: "vector",
  decision: "accept",
  agent: "billing",
  capability: "invoices",
  confidence: 0.9,
  choices: [],
  alternatives: [],
  parts: [],
  snapshot: "0123456789ab",
  ms: 1,
  ...more,
});
const message = (content: string, status?: string): TurnEvent => ({
  kind: "message",
  content,
  anonymizationEntities: null,
  ...(status !== undefined && { status }),
});
const asked = routing({ decision: "ask", agent: undefined, choices });

/** What is remembered of a turn that had these events. */
async function remembered(...events: readonly TurnEvent[]): Promise<RememberedConversation | undefined> {
  const conversations = createConversations(10, undefined);
  const clock = new FakeClock();
  const record = new TurnRecord(turnOf(), {
    conversations,
    clock,
    metrics: silentMetrics,
    logger: silentLogger,
  });
  record.servedBy({ subset: "stable", rollout: undefined });
  for (const event of events) record.see(event);
  await record.remember();
  const found = conversations.find(turnOf());
  if (found !== undefined) expect(found.at).toBe(clock.now());
  return found;
}

describe("a turn is remembered", () => {
  test("with what was said, by whom, and when", async () => {
    const { messages, ...rest } = (await remembered(routing({}), message("48 euros"))) ?? { messages: [] };
    expect(messages).toMatchObject([
      { role: "user", content: "hello" },
      { role: "assistant", content: "48 euros", agent: "billing" },
    ]);
    expect(rest).toEqual({ subset: "stable", at: expect.any(Number) });
  });

  test("of several answers with the agent of the last one, which is most likely gone on with", async () => {
    const parts = ["billing", "weather"].map((agent) => ({ agent, capability: "c", confidence: 0.9 }));
    const found = await remembered(routing({ agent: undefined, parts }), message("48 euros. Rain."));
    expect(found?.messages.at(-1)).toMatchObject({ role: "assistant", agent: "weather" });
  });

  test("of the runtime's own words with no agent", async () => {
    const found = await remembered(routing({ decision: "none", agent: undefined }), message("Sorry."));
    expect(found?.messages.at(-1)?.agent).toBeUndefined();
  });

  const handOvers: readonly { readonly status: string | undefined; readonly handedOver: boolean }[] = [
    { status: "AGENT_HANDOVER", handedOver: true },
    { status: handoverStatus("stranger"), handedOver: true },
    { status: "UNRESOLVED", handedOver: false },
    { status: "HALLUCINATION_DETECTED", handedOver: false },
    { status: undefined, handedOver: false },
  ];
  test.each(handOvers)(
    "as handed over: $handedOver, with the status $status",
    async ({ status, handedOver }) => {
      const found = await remembered(routing({}), message("bye", status));
      expect(found?.handedOver ?? false).toBe(handedOver);
    },
  );

  test("as the next agent's when one has handed over to another of the channel", async () => {
    const handOver: TurnEvent = { kind: "hand-over", from: "billing", to: "orders" };
    const found = await remembered(routing({}), handOver, message("here"));
    expect([found?.messages.at(-1)?.agent, found?.handedOver]).toEqual(["orders", undefined]);
  });

  test("with the question that it put, and what that offers", async () => {
    const found = await remembered(asked, message("Bills or parcels?"));
    expect(found?.question).toEqual({ text: "Bills or parcels?", choices });
    expect(found?.messages.at(-1)?.agent).toBeUndefined();
  });

  test("with the beginning of a long question, as of any message", async () => {
    const found = await remembered(asked, message("x".repeat(2 * maxRememberedLength)));
    expect(found?.question?.text).toHaveLength(maxRememberedLength);
    expect(found?.question?.text).toBe(found?.messages.at(-1)?.content);
  });

  test("without a question when it put none, whatever the agent asked", async () => {
    expect((await remembered(routing({}), message("Which bill?")))?.question).toBeUndefined();
  });

  test("not at all without an answer", async () => {
    expect(await remembered(routing({}))).toBeUndefined();
  });
});

describe("notes that were dropped", () => {
  /** What a turn with these events leaves in the metrics and in its line. */
  function recorded(...events: readonly TurnEvent[]) {
    const counted: number[] = [];
    const lines: LogLine[] = [];
    const record = new TurnRecord(turnOf(), {
      conversations: createConversations(10, undefined),
      clock: new FakeClock(),
      metrics: { ...silentMetrics, notesDropped: (count) => void counted.push(count) },
      logger: recordingLogger(lines),
    });
    for (const event of events) record.see(event);
    record.close();
    return { counted, line: lines[0] };
  }

  test("are counted, those of all agents together, and stand in the line of the turn", () => {
    const handOver: TurnEvent = { kind: "hand-over", from: "billing", to: "orders" };
    const dropped = (count: number): TurnEvent => ({ kind: "notes-dropped", count });
    const { counted, line } = recorded(routing({}), dropped(3), handOver, dropped(4), message("hi"));
    expect([counted, line?.["droppedNotes"]]).toEqual([[7], 7]);
  });

  test("are no word of a line where there were none", () => {
    const { counted, line } = recorded(routing({}), message("hi"));
    expect([counted, Object.keys(line ?? {})]).toEqual([[], expect.not.arrayContaining(["droppedNotes"])]);
  });
});

import { describe, expect, test } from "vitest";
import { collect, turnOf } from "../testing/turns.ts";
import type { Turn, TurnEvent } from "../turn/turn.ts";
import { RecentTasks } from "./recent-tasks.ts";

const ref = { taskId: "task-1", contextId: "x1" };
const owner = { issuer: "https://issuer.example", subject: "alice", tenant: "acme" };
const start: TurnEvent = { kind: "turn-start", turnId: "t1", conversationId: "x1" };
const message: TurnEvent = { kind: "message", content: "done", anonymizationEntities: null };
const end: TurnEvent = { kind: "turn-end", ms: 1 };
const error: TurnEvent = { kind: "error", failure: { code: "agent_error", message: "no", retryable: false } };

async function* yielding(events: readonly TurnEvent[]): AsyncGenerator<TurnEvent> {
  yield* events;
}

async function watched(events: readonly TurnEvent[], turn: Partial<Turn> = {}): Promise<RecentTasks> {
  const tasks = new RecentTasks();
  await collect(tasks.watch(yielding(events), ref, turnOf(turn)));
  return tasks;
}

const key = { tenant: "acme", channel: "web", owner: undefined, taskId: "task-1" };

describe("a task of late", () => {
  test.each([
    {
      name: "that was answered is completed",
      events: [start, message, end],
      state: "completed",
      text: "done",
    },
    { name: "that failed has failed", events: [start, error], state: "failed", text: undefined },
    {
      name: "whose answer was never sent to the end has failed",
      events: [start, message],
      state: "failed",
      text: "done",
    },
    { name: "of a turn that did not begin has failed", events: [], state: "failed", text: undefined },
  ])("$name", async ({ events, state, text }) => {
    expect((await watched(events)).find(key)).toEqual({ ref, state, text });
  });

  test("is at work while its turn runs, and has failed when its client leaves", async () => {
    const tasks = new RecentTasks();
    const seen = tasks.watch(yielding([start, message, end]), ref, turnOf());
    await seen.next();
    expect(tasks.find(key)?.state).toBe("working");
    await seen.return();
    expect(tasks.find(key)?.state).toBe("failed");
  });

  test.each([
    { name: "another tenant", other: { tenant: "other" } },
    { name: "another channel", other: { channel: "ivr" } },
    { name: "nobody in particular", other: { owner: undefined } },
    { name: "another user", other: { owner: { ...owner, subject: "bob" } } },
    {
      name: "a user of that name at another provider",
      other: { owner: { ...owner, issuer: "https://evil.example" } },
    },
  ])("S4 is not found by $name", async ({ other }) => {
    const tasks = await watched([start, message, end], { owner });
    expect(tasks.find({ ...key, owner })).toMatchObject({ state: "completed" });
    expect(tasks.find({ ...key, owner, ...other })).toBeUndefined();
  });

  test("keeps the beginning of a long answer", async () => {
    const long: TurnEvent = { ...message, content: "x".repeat(100_000) };
    expect((await watched([start, long, end])).find(key)?.text).toHaveLength(16 * 1024);
  });

  test("is forgotten when a thousand others came after it", async () => {
    const tasks = await watched([start, message, end]);
    for (let each = 0; each < 1000; each++) {
      await collect(tasks.watch(yielding([]), { ...ref, taskId: `other-${each}` }, turnOf()));
    }
    expect(tasks.find(key)).toBeUndefined();
    expect(tasks.find({ ...key, taskId: "other-0" })).toBeDefined();
  });
});

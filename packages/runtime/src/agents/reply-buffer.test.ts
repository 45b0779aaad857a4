import { expect, test } from "vitest";
import type { AgentReply } from "./agent-connection.ts";
import { ReplyBuffer } from "./reply-buffer.ts";

const completed: AgentReply = { kind: "completed" };
const failed: AgentReply = { kind: "failed", fault: { kind: "tooLarge" }, repeatable: false };

function setUp() {
  const flow: string[] = [];
  const buffer: ReplyBuffer = new ReplyBuffer(100, {
    onFlow: () => void flow.push(buffer.paused ? "pause" : "resume"),
  });
  return { buffer, flow };
}

test("gives replies in order, also to a reader that waits already", async () => {
  const { buffer } = setUp();
  const waiting = buffer.next();
  buffer.push(completed, 1);
  buffer.push(failed, 1);
  expect(await waiting).toBe(completed);
  expect(await buffer.next()).toBe(failed);
});

test("pauses the writer above its bound, once, and resumes it when empty", async () => {
  const { buffer, flow } = setUp();
  for (let i = 0; i < 3; i++) buffer.push(completed, 60);
  expect(flow).toEqual(["pause"]);
  expect(buffer.paused).toBe(true);
  await buffer.next();
  await buffer.next();
  expect(flow).toEqual(["pause"]);
  await buffer.next();
  expect(flow).toEqual(["pause", "resume"]);
  expect(buffer.paused).toBe(false);
});

test("makes a waiting reader fail, and is harmless without one", async () => {
  const { buffer } = setUp();
  buffer.fail(new Error("nobody hears"));
  const waiting = buffer.next();
  buffer.fail(new Error("gone"));
  await expect(waiting).rejects.toThrow("gone");
});

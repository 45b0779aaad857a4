import { describe, expect, it } from "vitest";
import { ResultQueue } from "./result-queue.ts";

describe("ResultQueue", () => {
  it("hands out what was pushed before its end, in order", async () => {
    const queue = new ResultQueue<number>();
    void queue.push(1);
    void queue.push(2);
    queue.end();
    await queue.push(3);
    expect(await Array.fromAsync(queue)).toEqual([1, 2]);
  });

  it("lets a producer go on when its value was taken, and not before", async () => {
    const queue = new ResultQueue<number>();
    const seen: string[] = [];
    const producing = (async () => {
      for (const value of [1, 2]) {
        seen.push(`pushes ${value}`);
        await queue.push(value);
      }
      queue.end();
    })();
    for await (const value of queue) seen.push(`takes ${value}`);
    await producing;
    expect(seen).toEqual(["pushes 1", "takes 1", "pushes 2", "takes 2"]);
  });

  it("releases its producer when the reader leaves", async () => {
    const queue = new ResultQueue<number>();
    const pushes = [queue.push(1), queue.push(2)];
    for await (const _ of queue) break;
    await expect(Promise.all(pushes)).resolves.toHaveLength(2);
    await queue.push(3);
  });
});

import { nextTurn, silentLogger } from "@lmos/primitives";
import { describe, expect, test } from "vitest";
import { WorkLoop } from "./work-loop.ts";

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

describe("the server's own work", () => {
  test("is done one piece a turn, in order, those included that are added meanwhile", async () => {
    const done: string[] = [];
    await using loop = new WorkLoop(silentLogger);
    loop.add("a", () => {
      done.push("a");
      loop.add("c", () => done.push("c"));
    });
    loop.add("b", () => done.push("b"));
    expect(done).toEqual([]);
    await turns(8);
    expect(done).toEqual(["a", "b", "c"]);
  });

  test("is not added twice while it waits, but again once it has begun", async () => {
    let count = 0;
    await using loop = new WorkLoop(silentLogger);
    const work = (): void => {
      count += 1;
      if (count === 1) loop.add("a", work);
    };
    loop.add("a", work);
    loop.add("a", work);
    await turns(6);
    expect(count).toBe(2);
  });

  test("goes on after a piece that fails, and says which", async () => {
    const failed: unknown[] = [];
    const logger = {
      ...silentLogger,
      error: (_message: string, fields?: object) => {
        failed.push(Object(fields).key);
      },
    };
    let done = false;
    await using loop = new WorkLoop(logger);
    loop.add("bad", () => {
      throw new Error("it fails");
    });
    loop.add("good", () => {
      done = true;
    });
    await turns(6);
    expect([failed, done]).toEqual([["bad"], true]);
  });

  test("ends with what is being done when it is stopped", async () => {
    const done: string[] = [];
    const loop = new WorkLoop(silentLogger);
    loop.add("a", () => done.push("a"));
    await loop[Symbol.asyncDispose]();
    loop.add("b", () => done.push("b"));
    await turns(4);
    expect(done).toEqual([]);
  });
});

import { FakeClock } from "@lmos/testing";
import { describe, expect, test } from "vitest";
import { commandMs, guardRedis, restMs } from "./redis-connection.ts";

/** A client whose server is told how to behave. */
function setUp() {
  const clock = new FakeClock();
  const sent: (readonly string[])[] = [];
  const server = { isReady: true, answer: (): Promise<unknown> => Promise.resolve("OK"), closed: false };
  const redis = guardRedis(
    {
      get isReady() {
        return server.isReady;
      },
      send: (words) => {
        sent.push(words);
        return server.answer();
      },
      close: () => {
        server.closed = true;
      },
    },
    clock,
  );
  const failure = (words: readonly string[]): Promise<unknown> =>
    redis.command(...words).then(
      () => "none",
      (error: unknown) => (error instanceof Error ? error.message : error),
    );
  return { clock, sent, server, redis, failure };
}

const hang = (): Promise<unknown> => new Promise(() => undefined);

describe("a command", () => {
  test("is sent and answered", async () => {
    const { redis, sent } = setUp();
    expect(await redis.command("GET", "a")).toBe("OK");
    expect(sent).toEqual([["GET", "a"]]);
  });

  test("fails at once while there is no connection", async () => {
    const { server, failure, sent } = setUp();
    server.isReady = false;
    expect(await failure(["GET", "a"])).toBe("Redis cannot be asked: it is not connected");
    expect(sent).toEqual([]);
  });

  test("fails with the server's reason", async () => {
    const { server, failure } = setUp();
    server.answer = () => Promise.reject(new Error("LOADING Redis is loading"));
    expect(await failure(["GET", "a"])).toBe("Redis cannot be asked: it says LOADING");
  });

  test("S13 fails without what was sent, which a server repeats that lacks the command", async () => {
    const { server, failure } = setUp();
    const quoting =
      "ERR unknown command 'EVAL', with args beginning with: 'return 1' 'a secret,\nof two lines' ";
    server.answer = () => Promise.reject(new Error(quoting));
    expect(await failure(["EVAL"])).toBe("Redis cannot be asked: it says ERR");
  });

  test("that is refused does not rest the connection", async () => {
    const { server, failure, redis } = setUp();
    server.answer = () => Promise.reject(new Error("ERR"));
    await failure(["GET", "a"]);
    server.answer = () => Promise.resolve("OK");
    expect(await redis.command("GET", "a")).toBe("OK");
  });

  test("is given up in time, and then none is tried for a while", async () => {
    const { clock, server, failure, redis, sent } = setUp();
    server.answer = hang;
    const first = failure(["GET", "a"]);
    await clock.advance(commandMs);
    expect(await first).toBe(`Redis cannot be asked: A command took longer than ${commandMs} ms`);
    expect(await failure(["GET", "b"])).toBe("Redis cannot be asked: it did not answer a moment ago");
    expect(sent).toEqual([["GET", "a"]]);
    server.answer = () => Promise.resolve("OK");
    await clock.advance(restMs);
    expect(await redis.command("GET", "c")).toBe("OK");
  });

  test("whose answer was there when time was up, but not read yet, is answered", async () => {
    const { clock, server, redis } = setUp();
    server.answer = async () => {
      await clock.sleep(commandMs, { signal: new AbortController().signal });
      return "late";
    };
    const answer = redis.command("GET", "a");
    await clock.advance(commandMs);
    expect(await answer).toBe("late");
    server.answer = () => Promise.resolve("OK");
    expect(await redis.command("GET", "b")).toBe("OK");
  });

  test("that was answered leaves no timer behind", async () => {
    const { clock, redis } = setUp();
    for (let each = 0; each < 5; each++) await redis.command("GET", "a");
    await clock.advance(0);
    expect(clock.sleeping).toBe(0);
  });
});

test("closing closes the client", () => {
  const { redis, server } = setUp();
  redis[Symbol.dispose]();
  expect(server.closed).toBe(true);
});

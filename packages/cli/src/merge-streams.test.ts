import { describe, expect, it } from "vitest";
import { mergeStreams } from "./merge-streams.ts";

async function* of<T>(...values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

/** A stream that gives what the test pushes. */
class Pipe<T> {
  readonly #waiting: PromiseWithResolvers<IteratorResult<T, undefined>>[] = [Promise.withResolvers()];
  returned = false;

  push(value: T): void {
    this.#waiting.at(-1)?.resolve({ done: false, value });
    this.#waiting.push(Promise.withResolvers());
  }

  end(): void {
    this.#waiting.at(-1)?.resolve({ done: true, value: undefined });
  }

  async *stream(): AsyncGenerator<T> {
    try {
      for (let at = 0; ; at += 1) {
        const result = await this.#waiting[at]?.promise;
        if (result === undefined || result.done === true) return;
        yield result.value;
      }
    } finally {
      this.returned = true;
    }
  }
}

describe("merged streams", () => {
  it.each([
    { name: "none", streams: [], expected: [] },
    { name: "empty ones", streams: [of<number>(), of<number>()], expected: [] },
    { name: "one", streams: [of(1, 2, 3)], expected: [1, 2, 3] },
    { name: "several", streams: [of(1, 2), of(3)], expected: [1, 2, 3] },
  ])("have the elements of all: $name", async ({ streams, expected }) => {
    const merged = await Array.fromAsync(mergeStreams(of(...streams)));
    expect(merged.toSorted()).toEqual(expected);
  });

  it("come in the order in which they are given, whichever stream gives them", async () => {
    const [left, right] = [new Pipe<string>(), new Pipe<string>()];
    const merged = mergeStreams(of(left.stream(), right.stream()));
    const first = merged.next();
    right.push("b");
    expect((await first).value).toBe("b");
    const second = merged.next();
    left.push("a");
    expect((await second).value).toBe("a");
    left.end();
    right.end();
    expect((await merged.next()).done).toBe(true);
  });

  it("take up a stream that is added while others wait", async () => {
    const streams = new Pipe<AsyncGenerator<string>>();
    const silent = new Pipe<string>();
    const merged = mergeStreams(streams.stream());
    const first = merged.next();
    streams.push(silent.stream());
    streams.push(of("new"));
    expect((await first).value).toBe("new");
  });

  it("end all streams when their reader has had enough", async () => {
    const pipe = new Pipe<string>();
    const merged = mergeStreams(of(pipe.stream()));
    const first = merged.next();
    pipe.push("a");
    await first;
    pipe.end();
    await merged.return(undefined);
    expect(pipe.returned).toBe(true);
  });

  it("fail where one of them fails", async () => {
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new TypeError("broken");
    }
    const merged = mergeStreams(of(failing()));
    expect((await merged.next()).value).toBe(1);
    await expect(merged.next()).rejects.toThrow("broken");
  });
});

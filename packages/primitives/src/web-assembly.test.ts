import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Code, compileLoop, f32, f32x4, i32, localsOf, repeatWhile } from "./web-assembly.ts";

const types = { place: "i32", end: "i32", numbers: "v128" } as const;
const { place, end, numbers } = localsOf(types);

/** A loop whose body is run once with two parameters, over numbers that lie in its memory from the beginning. */
function runOn(body: Code, initial: readonly number[], ...parameters: readonly number[]): readonly number[] {
  const { memory, run } = compileLoop({ types, parameters: 2, body, memoryBytes: 1024 });
  const all = new Float32Array(memory);
  all.set(initial);
  run(...parameters);
  return [...all.subarray(0, 16)];
}

const four = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 4, maxLength: 4 });

/** -0 is 0. */
function plain(values: readonly number[]): readonly number[] {
  return values.map((value) => Math.fround(value) + 0);
}

/** Stores the four numbers one by one behind those at the place. */
function storeLanes(value: Code): Code {
  return [0, 1, 2, 3].flatMap((lane) => f32.store(place.get, f32x4.lane(value, lane), 32 + 4 * lane));
}

describe("four numbers at once", () => {
  const first = f32x4.load(place.get);
  const second = f32x4.load(place.get, 16);

  it.each<{ readonly name: string; readonly code: Code; readonly of: (a: number, b: number) => number }>([
    { name: "are added", code: f32x4.add(first, second), of: (a, b) => a + b },
    { name: "are multiplied", code: f32x4.multiply(first, second), of: (a, b) => a * b },
    { name: "are zero", code: f32x4.zero, of: () => 0 },
    { name: "are loaded from further on", code: second, of: (_, b) => b },
  ])("$name", ({ code, of }) => {
    fc.assert(
      fc.property(four, four, (a, b) => {
        const result = runOn(storeLanes(code), [...a, ...b], 0, 0).slice(8, 12);
        expect(plain(result)).toEqual(plain(a.map((value, i) => of(value, b[i] ?? 0))));
      }),
      { numRuns: 20 },
    );
  });

  it("are one number four times", () => {
    const body = storeLanes(f32x4.fill(f32.load(place.get)));
    expect(runOn(body, [2.5, 1], 0, 0).slice(8, 12)).toEqual([2.5, 2.5, 2.5, 2.5]);
  });

  it("are stored at once", () => {
    expect(runOn(f32x4.store(place.get, first, 32), [1, 2, 3, 4], 0, 0).slice(8, 12)).toEqual([1, 2, 3, 4]);
  });

  it.each([0, 1, 2, 3])("are quarter %i of sixteen bytes with signs", (quarter) => {
    const sixteen = fc.int8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(sixteen, (bytes) => {
        const { memory, run } = compileLoop({
          ...{ types, parameters: 2, memoryBytes: 1024 },
          body: f32x4.store(place.get, f32x4.ofBytes(first, quarter), 32),
        });
        new Int8Array(memory).set(bytes);
        run(0, 0);
        const expected = [...bytes.subarray(4 * quarter, 4 * quarter + 4)];
        expect([...new Float32Array(memory, 32, 4)]).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it("are kept in a local", () => {
    const body = [...numbers.set(f32x4.load(place.get)), ...storeLanes(numbers.get)];
    expect(runOn(body, [1, 2, 3, 4], 0, 0).slice(8, 12)).toEqual([1, 2, 3, 4]);
  });
});

describe("single numbers", () => {
  it("are added and stored at a place", () => {
    const sum = f32.add(f32x4.lane(f32x4.load(end.get), 0), f32x4.lane(f32x4.load(end.get), 3));
    expect(runOn(f32.store(place.get, sum), [1.5, 0, 0, 2.25], 16, 0)[4]).toBe(3.75);
  });
});

describe("places", () => {
  it.each([0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, 65_536, 1_000_000, -1_000_000])(
    "may be the constant %i",
    (constant) => {
      // A constant and its opposite make the first place, where the number is stored.
      const there = i32.add(i32.constant(constant), i32.constant(-constant));
      expect(runOn(f32.store(there, f32x4.lane(f32x4.load(place.get), 0)), [0, 0, 0, 0, 7], 16, 0)[0]).toBe(
        7,
      );
    },
  );

  it("outside of the memory end the loop", () => {
    expect(() => runOn(f32.store(place.get, f32x4.lane(f32x4.zero, 0)), [], 65_536, 0)).toThrow(
      /out of bounds/,
    );
  });
});

describe("repeatWhile", () => {
  it.each([
    { name: "once, before the condition is asked", until: 0, times: 1 },
    { name: "as long as it holds", until: 20, times: 5 },
  ])("does it $name", ({ until, times }) => {
    const one = f32x4.lane(f32x4.load(i32.constant(48)), 0);
    const body = repeatWhile(
      i32.isLess(place.get, end.get),
      f32.store(place.get, one),
      place.set(i32.add(place.get, i32.constant(4))),
    );
    const after = runOn(body, [...new Array<number>(12).fill(0), 1], 0, until).slice(0, 12);
    expect(after.filter((value) => value === 1)).toHaveLength(times);
  });
});

describe("compileLoop", () => {
  it("gives every loop a memory of its own, of whole pages", () => {
    const [one, other] = [1, 65_537].map((memoryBytes) =>
      compileLoop({ types, parameters: 2, body: place.set(i32.constant(0)), memoryBytes }),
    );
    expect(one?.memory.byteLength).toBe(65_536);
    expect(other?.memory.byteLength).toBe(2 * 65_536);
    expect(one?.memory).not.toBe(other?.memory);
  });
});

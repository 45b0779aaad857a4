import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameReads } from "./frame-reads.ts";

const answer = Buffer.from("HTTP/1.1 101 Switching Protocols\r\n\r\n");

/** A frame of a server, filled with a letter. */
function frameOf(length: number, letter = "x"): Buffer {
  const payload = Buffer.alloc(length, letter);
  if (length < 126) return Buffer.concat([Buffer.from([0x81, length]), payload]);
  const said = Buffer.alloc(8);
  said.writeBigUInt64BE(BigInt(length));
  return Buffer.concat([Buffer.from([0x81, 127]), said, payload]);
}

/** Reads what comes behind the answer, `sizes` bytes at a time where there is room; what is passed on after each read. */
function readAll(all: Buffer, sizes: readonly number[]): readonly (readonly Buffer[])[] {
  let passed: Buffer[] = [];
  const reads = new FrameReads((bytes) => void passed.push(bytes));
  answer.copy(reads.room);
  reads.take(answer.length);
  const told: (readonly Buffer[])[] = [];
  for (let at = 0; at < all.length; ) {
    const { room } = reads;
    const length = Math.min(room.length, all.length - at, sizes[told.length % sizes.length] ?? 1);
    all.copy(room, 0, at, at + length);
    at += length;
    passed = [];
    reads.take(length);
    told.push(passed);
  }
  return told;
}

describe("passes on", () => {
  const rows: readonly {
    readonly name: string;
    readonly frames: readonly number[];
    readonly sizes?: readonly number[];
    readonly pieces: readonly (readonly number[])[];
  }[] = [
    { name: "short frames as they come", frames: [10, 20], pieces: [[12 + 22]] },
    { name: "a large frame in one piece", frames: [20_000], pieces: [[], [20_010]] },
    { name: "what is whole before a large frame at once", frames: [10, 20_000], pieces: [[12], [20_010]] },
    { name: "the next frame by itself", frames: [20_000, 10], pieces: [[], [20_010], [12]] },
    { name: "the rest of a short frame as it comes", frames: [100], sizes: [50], pieces: [[50], [50], [2]] },
    {
      name: "what is too large for a frame as it comes",
      frames: [300_000],
      sizes: [8192],
      pieces: [...Array.from({ length: 36 }, () => [8192]), [300_010 - 36 * 8192]],
    },
    {
      name: "a frame whose header was cut as it comes",
      frames: [2000],
      sizes: [5, 8192],
      pieces: [[5], [2005]],
    },
  ];
  test.each(rows)("$name", ({ frames, sizes = [64 * 1024], pieces }) => {
    const told = readAll(Buffer.concat(frames.map((length) => frameOf(length))), sizes);
    expect(told.map((each) => each.map(({ length }) => length))).toEqual(pieces);
  });
});

test("a thousand connections in the middle of a frame have not allocated more than their frames", () => {
  const passed: Buffer[] = [];
  const all = Array.from({ length: 1000 }, () => new FrameReads((bytes) => void passed.push(bytes)));
  const begun = Buffer.concat([answer, frameOf(20_000)]).subarray(0, 8192);
  for (const reads of all) {
    begun.copy(reads.room);
    reads.take(begun.length);
    expect(reads.room.length).toBe(answer.length + 20_010 - begun.length);
  }
  expect(new Set(passed.map(({ length }) => length))).toEqual(new Set([answer.length]));
});

test("passes on all that comes, in order, each piece its own, however it is read", () => {
  const frame = fc.oneof(fc.nat(200), fc.nat(30_000));
  const size = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 40_000 }));
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 5 }),
      fc.array(size, { minLength: 1, maxLength: 9 }),
      (frames, sizes) => {
        const letters = frames.map((length, at) => frameOf(length, String.fromCharCode(97 + at)));
        const all = Buffer.concat(letters);
        expect(Buffer.concat(readAll(all, sizes).flat()).equals(all)).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameCutter } from "./frame-cutter.ts";

const answer = Buffer.from("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n");

/** The header of a frame whose payload has that length; `form` is the one in which it is said. */
function headerOf(length: number, { form = formOf(length), masked = false } = {}): Buffer {
  const mask = masked ? 0x80 : 0;
  const key = Buffer.alloc(masked ? 4 : 0, 7);
  if (form === "short") return Buffer.concat([Buffer.from([0x81, mask | length]), key]);
  const said = Buffer.alloc(form === "middle" ? 2 : 8);
  if (form === "middle") said.writeUInt16BE(length);
  else said.writeBigUInt64BE(BigInt(length));
  return Buffer.concat([Buffer.from([0x81, mask | (form === "middle" ? 126 : 127)]), said, key]);
}

function formOf(length: number): "short" | "middle" | "long" {
  if (length < 126) return "short";
  return length < 65536 ? "middle" : "long";
}

function startedCutter(): FrameCutter {
  const cutter = new FrameCutter();
  cutter.see(answer);
  return cutter;
}

describe("knows what is left of a frame", () => {
  const rows = [
    { name: "without a payload", header: headerOf(0), left: 0 },
    { name: "with a short one", header: headerOf(125), left: 125 },
    { name: "with a middle one", header: headerOf(126), left: 126 },
    { name: "with the largest middle one", header: headerOf(65535), left: 65535 },
    { name: "with a long one", header: headerOf(65536), left: 65536 },
    { name: "that says a short length in the long form", header: headerOf(5, { form: "long" }), left: 5 },
    { name: "that is masked", header: headerOf(200, { masked: true }).subarray(0, 4), left: 204 },
  ];
  test.each(rows)("$name", ({ header, left }) => {
    const cutter = startedCutter();
    cutter.see(header);
    expect(cutter.left).toBe(left);
    cutter.see(Buffer.alloc(left));
    expect(cutter.left).toBe(0);
  });

  test("of which the first part came with its header", () => {
    const cutter = startedCutter();
    cutter.see(Buffer.concat([headerOf(1000), Buffer.alloc(400)]));
    expect(cutter.left).toBe(600);
  });

  test("that came with the answer to the upgrade", () => {
    const cutter = new FrameCutter();
    cutter.see(Buffer.concat([answer, headerOf(1000), Buffer.alloc(400)]));
    expect(cutter.left).toBe(600);
  });
});

describe("tells how much of what has come is the beginning of a frame", () => {
  const whole = Buffer.concat([headerOf(10), Buffer.alloc(10)]);
  const rows = [
    { name: "nothing where all of it is whole", pieces: [whole], begun: 0 },
    {
      name: "its header and what came with it",
      pieces: [whole, Buffer.concat([whole, headerOf(500), whole])],
      begun: 4 + 12,
    },
    {
      name: "nothing where its length is not known",
      pieces: [Buffer.concat([whole, headerOf(500).subarray(0, 3)])],
      begun: 0,
    },
    { name: "nothing where it began before", pieces: [headerOf(500), Buffer.alloc(100)], begun: 0 },
    {
      name: "nothing where its header began before",
      pieces: [headerOf(500).subarray(0, 3), Buffer.alloc(100)],
      begun: 0,
    },
  ];
  test.each(rows)("$name", ({ pieces, begun }) => {
    const cutter = startedCutter();
    expect(pieces.map((piece) => cutter.see(piece)).at(-1)).toBe(begun);
  });
});

describe("knows nothing", () => {
  test("before the answer to the upgrade has ended", () => {
    const cutter = new FrameCutter();
    cutter.see(answer.subarray(0, -1));
    cutter.see(Buffer.from("x"));
    cutter.see(headerOf(1000));
    expect(cutter.left).toBe(0);
  });

  test.each([
    { name: "where the upgrade is refused", answers: "HTTP/1.1 503 Service Unavailable\r\n\r\n" },
    { name: "after a hint, which is no answer yet", answers: "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" },
  ])("$name", ({ answers }) => {
    const cutter = new FrameCutter();
    cutter.see(Buffer.from(answers));
    cutter.see(headerOf(70_000));
    expect(cutter.left).toBe(0);
  });

  test("of frames until the answer behind the hints has come", () => {
    const cutter = new FrameCutter();
    cutter.see(Buffer.from("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"));
    for (const byte of answer) cutter.see(Buffer.from([byte]));
    cutter.see(headerOf(70_000));
    expect(cutter.left).toBe(70_000);
  });

  test("while a header has not come whole", () => {
    const header = headerOf(70_000);
    for (let length = 0; length < header.length; length++) {
      const cutter = startedCutter();
      cutter.see(header.subarray(0, length));
      expect(cutter.left).toBe(0);
    }
  });
});

test("is right about frames of any length, wherever they are cut", () => {
  const frame = fc.record({
    length: fc.oneof(fc.nat(200), fc.integer({ min: 100, max: 70_000 })),
    masked: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 6 }),
      fc.array(fc.nat(30_000), { maxLength: 20 }),
      (frames, cuts) => {
        const parts = frames.map(({ length, masked }) => [
          headerOf(length, { masked }),
          Buffer.alloc(length),
        ]);
        const all = Buffer.concat([answer, ...parts.flat()]);
        const ends = frameEnds(parts);
        const cutter = new FrameCutter();
        let at = 0;
        for (const cut of [...cuts, all.length]) {
          cutter.see(all.subarray(at, at + cut));
          at = Math.min(all.length, at + cut);
          const end = ends.find((each) => at <= each) ?? at;
          expect([0, end - at]).toContain(cutter.left); // 0 within a header
        }
        expect(cutter.left).toBe(0);
      },
    ),
  );
});

/** Where each frame ends in all that comes. */
function frameEnds(parts: readonly (readonly Buffer[])[]): readonly number[] {
  let end = answer.length;
  return [
    end,
    ...parts.map((frame) => {
      end += Buffer.concat(frame).length;
      return end;
    }),
  ];
}

test("never says more or less than nothing of what is no frame", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (pieces) => {
      const cutter = startedCutter();
      for (const piece of pieces) {
        cutter.see(piece);
        expect(cutter.left).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

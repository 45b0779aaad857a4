import { FakeClock, SeededRandom } from "@lmos/testing";
import { beforeEach, describe, expect, it } from "vitest";
import type { CapabilitiesOutcome, ReadDocument } from "./capabilities-reader.ts";
import { createReadings, type Readings } from "./readings.ts";

const { signal } = new AbortController();
const key = { namespace: "default", name: "billing" };
const target = { subject: "uid 1 http://billing", origin: "http://billing" };
const fiveMinutesMs = 300_000;

const document: ReadDocument = {
  kind: "read",
  document: { id: "", description: "", supportedTenants: [], supportedChannels: ["web"], capabilities: [] },
  etag: '"1"',
};
const failure: CapabilitiesOutcome = { kind: "failed", reason: "TimedOut", message: "did not answer" };

let clock: FakeClock;
let readings: Readings;
/** What is answered from now on, and what the reader was asked with. */
let answer: CapabilitiesOutcome;
let asked: { readonly origin: string; readonly known: ReadDocument | undefined }[];

beforeEach(() => {
  clock = new FakeClock();
  answer = document;
  asked = [];
  readings = createReadings({
    clock,
    random: new SeededRandom(1),
    reader: {
      read: async (origin, { known }) => {
        asked.push({ origin, known });
        return answer;
      },
    },
  });
});

const current = (of = target, at = key) => readings.current(at, of, { signal });

describe("an agent that answers", () => {
  it("is read once until five minutes are over, and then with what is known of it", async () => {
    const first = await current();
    expect(readings.untilDue(first)).toBe(fiveMinutesMs);
    await clock.advance(fiveMinutesMs - 1);
    expect(await current()).toBe(first);
    await clock.advance(1);
    await current();
    expect(asked).toEqual([
      { origin: "http://billing", known: undefined },
      { origin: "http://billing", known: document },
    ]);
  });

  it("is read at once where its workload has changed, and as if it were another one", async () => {
    await current();
    await current({ ...target, subject: "uid 2 http://billing" });
    expect(asked.map(({ known }) => known)).toEqual([undefined, undefined]);
  });

  it("is read for each workload of its own", async () => {
    await current();
    await current(target, { ...key, name: "press" });
    expect(asked).toHaveLength(2);
  });

  it("is read anew once its workload was gone", async () => {
    await current();
    readings.forget(key);
    await current();
    expect(asked.map(({ known }) => known)).toEqual([undefined, undefined]);
  });
});

describe("an agent that fails", () => {
  beforeEach(() => {
    answer = failure;
  });

  it("is tried again after half a second, then less and less often, but once a minute for ever", async () => {
    const delays: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const delayMs = readings.untilDue(await current());
      delays.push(delayMs);
      await clock.advance(delayMs);
    }
    expect(asked).toHaveLength(12);
    expect(delays[0]).toBeGreaterThanOrEqual(400);
    expect(delays[0]).toBeLessThanOrEqual(600);
    expect(delays[4]).toBeGreaterThan(delays[1] ?? 0);
    expect(Math.max(...delays)).toBeLessThanOrEqual(72_000);
    expect(delays.at(-1)).toBeGreaterThanOrEqual(48_000);
  });

  it("keeps what it said last, and is asked whether that still holds", async () => {
    answer = document;
    await current();
    answer = failure;
    await clock.advance(fiveMinutesMs);
    const failed = await current();
    expect(failed).toMatchObject({ outcome: failure, lastRead: document, failures: 1 });
    await clock.advance(readings.untilDue(failed));
    await current();
    expect(asked.at(-1)?.known).toBe(document);
  });

  it("is as patient as before once it has answered in between", async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await clock.advance(readings.untilDue(await current()));
    }
    answer = document;
    await clock.advance(readings.untilDue(await current()));
    answer = failure;
    const failed = await current();
    expect(failed.failures).toBe(1);
    expect(readings.untilDue(failed)).toBeLessThanOrEqual(600);
  });
});

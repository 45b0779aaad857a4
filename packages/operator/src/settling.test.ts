import { FakeClock } from "@lmos/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { Settling } from "./settling.ts";

const key = { namespace: "default", name: "acme" };
const patience = { quietMs: 100, atMostMs: 250 };
let clock: FakeClock;
let settling: Settling;

beforeEach(() => {
  clock = new FakeClock();
  settling = new Settling(clock);
});

const remaining = (outcome: string, of = key): number => settling.remaining(of, outcome, patience);

async function after(ms: number): Promise<void> {
  await clock.advance(ms);
}

describe("a change", () => {
  it("waits until it has been the same for a while", async () => {
    expect(remaining("a")).toBe(100);
    await after(60);
    expect(remaining("a")).toBe(40);
    await after(40);
    expect(remaining("a")).toBe(0);
  });

  it("waits anew whenever it turns out different", async () => {
    remaining("a");
    await after(90);
    expect(remaining("b")).toBe(100);
    await after(90);
    expect(remaining("b")).toBe(10);
  });

  it("waits no longer than it may in all, however often it turns out different", async () => {
    const seen: number[] = [];
    for (const outcome of ["a", "b", "c", "d"]) {
      seen.push(remaining(outcome));
      await after(80);
    }
    expect(seen).toEqual([100, 100, 90, 10]);
    expect(remaining("e")).toBe(0);
  });

  it("that comes back to what it was before waits as another one does", async () => {
    remaining("a");
    await after(50);
    remaining("b");
    await after(10);
    expect(remaining("a")).toBe(100);
  });

  it("waits anew once it was made", async () => {
    remaining("a");
    await after(100);
    settling.forget(key);
    expect(remaining("a")).toBe(100);
  });

  it("of another key, or of another namespace, waits for itself", async () => {
    remaining("a");
    await after(60);
    expect(remaining("a", { ...key, name: "globex" })).toBe(100);
    expect(remaining("a", { ...key, namespace: "other" })).toBe(100);
    expect(remaining("a")).toBe(40);
  });
});

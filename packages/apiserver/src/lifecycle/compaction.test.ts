import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeClock } from "@lmos/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ObjectStore } from "../storage/object-store.ts";
import { Compactor } from "./compaction.ts";

const minute = 60_000;

let directory: string;
let clock: FakeClock;
let store: ObjectStore;
let compactor: Compactor;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lmos-compaction-"));
  clock = new FakeClock();
  store = new ObjectStore(directory);
  compactor = new Compactor({ store, clock, retention: { changes: 20, ageMs: 10 * minute } });
});
afterEach(() => {
  compactor[Symbol.dispose]();
  store[Symbol.dispose]();
  rmSync(directory, { recursive: true, force: true });
});

function write(times: number): void {
  for (let index = 0; index < times; index += 1) {
    store.put({ resource: "things", namespace: "n", name: "a" }, { data: index });
  }
  store.flush();
}

describe("compaction", () => {
  test("by number begins when a tenth too much is kept, and leaves what shall be kept", () => {
    write(22);
    expect(store.compacted).toBe(0);
    write(1);
    expect(store.compacted).toBe(3);
    write(100);
    expect(store.revision - store.compacted).toBeGreaterThanOrEqual(20);
    expect(store.revision - store.compacted).toBeLessThanOrEqual(22);
  });

  test("by age forgets what was written before the time that is kept", async () => {
    write(5);
    compactor.compactByAge();
    await clock.advance(5 * minute);
    write(5);
    compactor.compactByAge();
    expect(store.compacted).toBe(0);
    await clock.advance(5 * minute);
    compactor.compactByAge();
    expect(store.compacted).toBe(5);
    await clock.advance(5 * minute);
    compactor.compactByAge();
    expect(store.compacted).toBe(10);
  });

  test("never forgets what is there now", () => {
    write(100);
    expect(store.get({ resource: "things", namespace: "n", name: "a" })?.value()["data"]).toBe(99);
  });

  test("ends when it is disposed of", () => {
    compactor[Symbol.dispose]();
    write(100);
    expect(store.compacted).toBe(0);
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ObjectStore } from "../storage/object-store.ts";
import { ChangeLog } from "./change-log.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lmos-log-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const address = (resource: string, name = "a") => ({ resource, namespace: "n", name });

/** Every change of a resource after a revision, read in portions. */
function read(log: ChangeLog, resource: string, from: number, portion: number): readonly number[] {
  const revisions: number[] = [];
  for (let at = from; ; ) {
    const changes = log.after(resource, at, portion);
    revisions.push(...changes.map(({ object }) => object.revision));
    const last = revisions.at(-1);
    if (changes.length === 0 || last === undefined) return revisions;
    at = last;
  }
}

describe("the log of changes", () => {
  test("tells the same whoever watches when: every change of the resource once, in order", () => {
    const steps = fc.array(
      fc.constantFrom("write things", "write others", "watch things", "stop watching", "delete things"),
      { maxLength: 40 },
    );
    const check = (taken: readonly string[], portion: number): void => {
      rmSync(directory, { recursive: true, force: true });
      using store = new ObjectStore(directory);
      using log = new ChangeLog(store);
      const wanted: number[] = [];
      const watches: (() => void)[] = [];
      const perform: Readonly<Record<string, () => void>> = {
        "write things": () => wanted.push(store.put(address("things"), {}).revision),
        "delete things": () => wanted.push(store.remove(address("things"), {}).revision),
        "write others": () => store.put(address("others"), {}),
        "watch things": () => watches.push(log.subscribe("things", () => undefined)),
        "stop watching": () => watches.pop()?.(),
      };
      for (const step of taken) {
        perform[step]?.();
        store.flush();
        expect(read(log, "things", 0, portion)).toEqual(wanted);
      }
      for (const from of wanted) {
        expect(read(log, "things", from, portion)).toEqual(wanted.filter((revision) => revision > from));
      }
    };
    fc.assert(fc.property(steps, fc.integer({ min: 1, max: 5 }), check), { numRuns: 40 });
  });

  test("shares one parsed copy of a change among all who watch", () => {
    using store = new ObjectStore(directory);
    using log = new ChangeLog(store);
    using _watch = { [Symbol.dispose]: log.subscribe("things", () => undefined) };
    store.put(address("things"), { data: 1 });
    store.flush();
    const [[one], [other]] = [log.after("things", 0, 9), log.after("things", 0, 9)];
    expect(one?.object.value()).toBe(other?.object.value());
  });

  test("reads from the database what it has dropped, and says what that has forgotten", () => {
    using store = new ObjectStore(directory);
    using log = new ChangeLog(store);
    using _watch = { [Symbol.dispose]: log.subscribe("things", () => undefined) };
    for (let index = 0; index < 2500; index += 1) store.put(address("things"), {});
    store.flush();
    expect(read(log, "things", 0, 500).length).toBe(2500);
    store.compact(100);
    expect(() => log.after("things", 99, 1)).toThrow(expect.objectContaining({ reason: "Expired" }));
    expect(read(log, "things", 100, 500).length).toBe(2400);
  });

  test("calls back those who watch that resource, until they stop", () => {
    using store = new ObjectStore(directory);
    using log = new ChangeLog(store);
    const heard: string[] = [];
    const stop = log.subscribe("things", () => heard.push("things"));
    log.subscribe("others", () => heard.push("others"));
    store.put(address("things"), {});
    store.put(address("others"), {});
    expect(heard).toEqual([]);
    store.flush();
    stop();
    store.put(address("things"), {});
    store.flush();
    expect(heard).toEqual(["things", "others"]);
  });
});

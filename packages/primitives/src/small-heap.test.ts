import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { nextTurn } from "./next-turn.ts";
import { collectGarbage } from "./small-heap.ts";

it("collects what nobody holds, and leaves what is held", async () => {
  const held = { big: Array.from({ length: 1_000 }, (_, at) => ({ at })) };
  const refs = [new WeakRef({ big: Array.from({ length: 1_000 }, (_, at) => ({ at })) }), new WeakRef(held)];
  await nextTurn(); // a reference holds its object until the end of the turn that made it
  collectGarbage();
  expect(refs.map((ref) => ref.deref())).toEqual([undefined, held]);
});

it("leaves no function behind for others", () => {
  collectGarbage();
  expect(Reflect.get(globalThis, "gc")).toBeUndefined();
});

/** V8 takes a flag that it does not know without a word to the program: a new Node may have dropped one. */
it("sets no flag that this Node does not know", () => {
  const source = readFileSync(new URL("small-heap.ts", import.meta.url), "utf8");
  const set = [...source.matchAll(/setFlagsFromString\("--(?:no-)?([a-z-]+)/g)].map(([, name]) => name);
  const known = execFileSync(process.execPath, ["--v8-options"], { encoding: "utf8" });
  expect(set).toContain("allocation-site-pretenuring");
  expect(set.filter((name) => !known.includes(`--${name} `))).toEqual([]);
});

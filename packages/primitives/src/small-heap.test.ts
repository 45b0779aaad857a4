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

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FairQueue, type Waiting } from "./fair-queue.ts";

/** Turns by name, `tenant` being their first letter; what became of each is written down. */
function setUp(max: number) {
  const queue = new FairQueue(max);
  const fates: string[] = [];
  const waiting = (name: string): Waiting => ({
    tenant: name.slice(0, 1),
    admit: () => void fates.push(name),
    refuse: () => void fates.push(`no ${name}`),
  });
  const add = (...names: readonly string[]): readonly Waiting[] =>
    names.map((name) => {
      const one = waiting(name);
      queue.add(one);
      return one;
    });
  const admitAll = (): void => {
    while (queue.admitNext()) {
      // until nobody waits
    }
  };
  return { queue, fates, add, admitAll };
}

describe("turns that wait for a place", () => {
  test.each([
    { name: "of one tenant: the newest first", added: ["a1", "a2", "a3"], order: ["a3", "a2", "a1"] },
    { name: "of two tenants: in turns", added: ["a1", "a2", "a3", "b1"], order: ["a3", "b1", "a2", "a1"] },
    {
      name: "of three tenants: round and round",
      added: ["a1", "b1", "c1", "a2", "b2"],
      order: ["a2", "b2", "c1", "a1", "b1"],
    },
    { name: "nobody", added: [], order: [] },
  ])("are served: $name", ({ added, order }) => {
    const { fates, add, admitAll } = setUp(10);
    add(...added);
    admitAll();
    expect(fates).toEqual(order);
  });

  test.each([
    {
      name: "the tenant with the most loses its oldest",
      added: ["a1", "a2", "b1", "b2", "b3"],
      max: 4,
      refused: ["no b1"],
    },
    {
      name: "the one that comes may be of that tenant",
      added: ["a1", "a2", "a3"],
      max: 2,
      refused: ["no a1"],
    },
    {
      name: "one that comes makes room itself where there is none at all",
      added: ["a1"],
      max: 0,
      refused: ["no a1"],
    },
    {
      name: "a tenant that sends much refuses nobody else",
      added: ["b1", "a1", "a2", "a3", "a4"],
      max: 2,
      refused: ["no a1", "no a2", "no a3"],
    },
  ])("have bounded room: $name", ({ added, max, refused }) => {
    const { queue, fates, add } = setUp(max);
    add(...added);
    expect(fates).toEqual(refused);
    expect(queue.size).toBe(added.length - refused.length);
  });

  test("are taken out where they wait no longer, once", () => {
    const { queue, fates, add, admitAll } = setUp(10);
    const [, second] = add("a1", "a2", "a3");
    if (second === undefined) throw new TypeError("nobody waits");
    queue.remove(second);
    queue.remove(second);
    expect(queue.size).toBe(2);
    admitAll();
    expect(fates).toEqual(["a3", "a1"]);
  });

  test("have one fate each, whatever happens, and never more room than there is", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("add" as const), tenant: fc.constantFrom("a", "b", "c") }),
      fc.record({ kind: fc.constant("admit" as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 8 }), (steps, max) => {
        const { queue, fates, add, admitAll } = setUp(max);
        let added = 0;
        for (const each of steps) {
          if (each.kind === "add") add(`${each.tenant}${added++}`);
          else queue.admitNext();
          expect(queue.size).toBeLessThanOrEqual(max);
          expect(queue.size + fates.length).toBe(added);
        }
        admitAll();
        expect([queue.size, new Set(fates.map((fate) => fate.replace("no ", ""))).size]).toEqual([0, added]);
      }),
    );
  });
});

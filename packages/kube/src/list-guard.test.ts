import { FakeClock } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createListGuard, type ListGuard } from "./list-guard.ts";

describe("the list guard", () => {
  it("lets lists pass that are as new as what was seen", () => {
    const guard = createListGuard(new FakeClock());
    guard.check("5");
    guard.saw("9");
    guard.saw("7");
    guard.check("9");
    guard.check("10");
    expect(() => guard.check("9")).toThrow("a list of version 9 after version 10 was seen");
  });

  it("refuses older ones for a minute, then believes that time went back", async () => {
    const clock = new FakeClock();
    const guard = createListGuard(clock);
    guard.check("100");
    const refused = expect.objectContaining({ code: "Expired" });
    expect(() => guard.check("50")).toThrow(refused);
    await clock.advance(59_999);
    expect(() => guard.check("51")).toThrow(refused);
    await clock.advance(1);
    guard.check("52");
    guard.check("53");
  });

  it("counts the minute anew after a list that passed", async () => {
    const clock = new FakeClock();
    const guard = createListGuard(clock);
    guard.check("100");
    expect(() => guard.check("50")).toThrow("after version 100");
    guard.check("101");
    await clock.advance(60_000);
    expect(() => guard.check("50")).toThrow("after version 101");
  });
});

type Step =
  | { readonly kind: "saw" | "list"; readonly version: number }
  | { readonly kind: "wait"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom("saw", "list"), version: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ kind: fc.constant("wait"), ms: fc.integer({ min: 1, max: 40_000 }) }),
);

/** What the guard is to do, said in another way: with numbers, and without exceptions. */
class Model {
  newest = 0;
  refusingSinceMs: number | undefined;

  accepts(version: number, nowMs: number): boolean {
    if (version < this.newest) {
      this.refusingSinceMs ??= nowMs;
      if (nowMs - this.refusingSinceMs < 60_000) return false;
    }
    this.refusingSinceMs = undefined;
    this.newest = version;
    return true;
  }
}

describe("the list guard, whatever comes", () => {
  it("goes back in time only after a minute in which nothing newer came", () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const clock = new FakeClock();
        const guard = createListGuard(clock);
        const model = new Model();
        for (const each of steps) {
          if (each.kind === "wait") await clock.advance(each.ms);
          else if (each.kind === "saw") {
            guard.saw(String(each.version));
            model.newest = Math.max(model.newest, each.version);
          } else expect(accepts(guard, each.version)).toBe(model.accepts(each.version, clock.monotonic()));
        }
      }),
    ));

  it.each([
    { name: "a version that is no number", version: "abc" },
    { name: "an empty version", version: "" },
    { name: "a version that was never seen to be older", version: "100" },
  ])("lets $name pass: nothing can be said against it", ({ version }) => {
    const guard = createListGuard(new FakeClock());
    guard.saw("100");
    expect(() => guard.check(version)).not.toThrow();
  });
});

function accepts(guard: ListGuard, version: number): boolean {
  try {
    guard.check(String(version));
    return true;
  } catch {
    return false;
  }
}

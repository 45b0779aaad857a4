import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { createListGuard } from "./list-guard.ts";

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

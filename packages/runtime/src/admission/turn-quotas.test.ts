/** Row S12: what one tenant or one user may take of a runtime. */
import { FakeClock } from "@lmos/testing";
import { describe, expect, test } from "vitest";
import { defaultLimits, type RuntimeLimits } from "../limits.ts";
import { turnOf } from "../testing/turns.ts";
import type { Turn } from "../turn/turn.ts";
import { RateQuota } from "./rate-quota.ts";
import { TurnQuotas } from "./turn-quotas.ts";

function setUp(limits: Partial<RuntimeLimits>) {
  const clock = new FakeClock();
  const quotas = new TurnQuotas({ clock, limits: { ...defaultLimits, ...limits } });
  const enter = (turn: Partial<Turn> = {}): string => quotas.enter(turnOf(turn))?.message ?? "entered";
  return { clock, quotas, enter };
}

const said = (content: string): Turn["messages"] => [{ role: "user", content, format: "text" }];
const ownerOf = (subject: string) => ({ issuer: "i", subject, tenant: "acme" });

describe("S12 turns at once", () => {
  test("of a tenant are bounded, and a turn that is over makes room", () => {
    const { quotas, enter } = setUp({ tenantTurns: 2 });
    expect([enter({ userId: "a" }), enter({ userId: "b" }), enter({ userId: "c" })]).toEqual([
      "entered",
      "entered",
      "The tenant has too many turns at once.",
    ]);
    expect(enter({ tenant: "globex" })).toBe("entered");
    quotas.leave(turnOf({ userId: "a" }));
    expect(enter({ userId: "c" })).toBe("entered");
  });

  test("of a user are bounded, whatever others do", () => {
    const { enter } = setUp({ userTurns: 1 });
    expect([enter(), enter(), enter({ userId: "u2" }), enter({ tenant: "globex" })]).toEqual([
      "entered",
      "The user has too many turns at once.",
      "entered",
      "entered",
    ]);
  });

  test("are those of who proved to be the user, whatever clients call it", () => {
    const { enter } = setUp({ userTurns: 1 });
    const owner = ownerOf("alice");
    expect([
      enter({ owner, userId: "x" }),
      enter({ owner, userId: "y" }),
      enter({ userId: "alice" }),
    ]).toEqual(["entered", "The user has too many turns at once.", "entered"]);
  });

  test("that were refused are not counted", () => {
    const { quotas, enter } = setUp({ userTurns: 1 });
    enter();
    for (let each = 0; each < 5; each++) enter();
    quotas.leave(turnOf());
    expect(enter()).toBe("entered");
  });
});

describe("S12 a second", () => {
  test("holds so many turns of a user", async () => {
    const { clock, enter } = setUp({ userTurnsPerSecond: 2 });
    expect([enter(), enter(), enter(), enter({ userId: "u2" })]).toEqual([
      "entered",
      "entered",
      "The user sends too many turns.",
      "entered",
    ]);
    await clock.advance(500);
    expect([enter(), enter()]).toEqual(["entered", "The user sends too many turns."]);
  });

  test("holds so much text of a user, whatever others of its tenant send", async () => {
    const { clock, enter } = setUp({ userCharactersPerSecond: 100 });
    const turn = (userId: string) => ({ userId, messages: said("x".repeat(60)) });
    expect([enter(turn("a")), enter(turn("a")), enter(turn("b")), enter(turn("b"))]).toEqual([
      "entered",
      "The user sends too much text.",
      "entered",
      "The user sends too much text.",
    ]);
    await clock.advance(200);
    expect([enter(turn("a")), enter(turn("a"))]).toEqual(["entered", "The user sends too much text."]);
  });

  test("holds so much text of who proved to be the user, whatever clients call it", () => {
    const { enter } = setUp({ userCharactersPerSecond: 100 });
    const turn = (userId: string) => ({ userId, owner: ownerOf("alice"), messages: said("x".repeat(60)) });
    expect([enter(turn("x")), enter(turn("y"))]).toEqual(["entered", "The user sends too much text."]);
  });

  test("text of a user that is too much takes nothing of its tenant's", () => {
    const { enter } = setUp({ userCharactersPerSecond: 100, tenantCharactersPerSecond: 130 });
    const turn = (userId: string) => ({ userId, messages: said("x".repeat(60)) });
    expect([enter(turn("a")), enter(turn("a")), enter(turn("a")), enter(turn("b"))]).toEqual([
      "entered",
      "The user sends too much text.",
      "The user sends too much text.",
      "entered",
    ]);
  });

  test("holds so much text of a tenant, that of all its users together", async () => {
    const { clock, enter } = setUp({ tenantCharactersPerSecond: 100 });
    const turn = (userId: string) => ({ userId, messages: said("x".repeat(60)) });
    expect([enter(turn("a")), enter(turn("b")), enter({ tenant: "globex", ...turn("c") })]).toEqual([
      "entered",
      "The tenant sends too much text.",
      "entered",
    ]);
    await clock.advance(1000);
    expect(enter(turn("b"))).toBe("entered");
  });

  test("counts attachments as text", () => {
    const { enter } = setUp({ tenantCharactersPerSecond: 100 });
    const binaryData = [{ mimeType: "image/png", dataAsBase64: "x".repeat(90) }];
    enter({ messages: [{ role: "user", content: "hello", format: "text", binaryData }] });
    expect(enter({ messages: said("x".repeat(20)) })).toBe("The tenant sends too much text.");
  });
});

describe("S12 a rate", () => {
  test("lets through what is more than a burst, and then nothing until that is paid for", async () => {
    const clock = new FakeClock();
    const quota = new RateQuota({ clock, perSecond: 10 });
    expect([quota.take("a", 30), quota.take("a", 1)]).toEqual([true, false]);
    await clock.advance(2000);
    expect(quota.take("a", 1)).toBe(false);
    await clock.advance(200);
    expect(quota.take("a", 1)).toBe(true);
  });

  test("below one a second lets one through at first", async () => {
    const clock = new FakeClock();
    const quota = new RateQuota({ clock, perSecond: 0.5 });
    expect([quota.take("a"), quota.take("a")]).toEqual([true, false]);
    await clock.advance(2000);
    expect(quota.take("a")).toBe(true);
  });

  test("forgets names, not limits: a flood of names costs bounded memory", () => {
    const quota = new RateQuota({ clock: new FakeClock(), perSecond: 1 });
    for (let each = 0; each < 30_000; each++) expect(quota.take(`name-${each}`)).toBe(true);
    expect(quota.take("name-29999")).toBe(false);
  });
});

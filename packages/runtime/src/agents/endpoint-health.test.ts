import { FakeClock } from "@lmos/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { EndpointHealth, maxFailuresInARow, recentTurns, restMs } from "./endpoint-health.ts";

let clock: FakeClock;
let health: EndpointHealth;

beforeEach(() => {
  clock = new FakeClock();
  health = new EndpointHealth({ clock, random: { next: () => 0 } });
});

function choose(urls: readonly string[], failed?: string): string {
  const choice = health.choose(urls, failed);
  return choice.kind === "chosen" ? choice.url : choice.kind;
}

function report(url: string, ...outcomes: readonly ("succeeded" | "failed")[]): void {
  for (const kind of outcomes) health.report(url, { kind });
}

function breakDown(url: string): void {
  for (let failure = 0; failure < maxFailuresInARow; failure++) report(url, "failed");
}

test("chooses any endpoint, another one after a failure, and the same where there is no other", () => {
  expect(choose(["a", "b"])).toBe("a");
  expect(choose(["a", "b"], "a")).toBe("b");
  expect(choose(["a"], "a")).toBe("a");
  expect(choose([])).toBe("none");
});

describe("an endpoint rests", () => {
  test("after five failures in a row, not after four", () => {
    report("a", "failed", "failed", "failed", "failed");
    expect(choose(["a", "b"])).toBe("a");
    report("a", "failed");
    expect(choose(["a", "b"])).toBe("b");
    expect(health.resting).toBe(1);
  });

  test("when half of its last turns failed", () => {
    for (let pair = 0; pair < recentTurns / 2 - 1; pair++) report("a", "failed", "succeeded");
    expect(health.resting).toBe(0);
    report("a", "succeeded", "failed");
    expect(health.resting).toBe(1);
  });

  test("and is tried by one turn every five seconds", async () => {
    breakDown("a");
    await clock.advance(restMs - 1);
    expect(choose(["a", "b"])).toBe("b");
    await clock.advance(1);
    expect(choose(["a", "b"])).toBe("a");
    expect(choose(["a", "b"])).toBe("b");
  });

  test("until it succeeds", async () => {
    breakDown("a");
    await clock.advance(restMs);
    choose(["a", "b"]);
    report("a", "succeeded");
    expect(choose(["a", "b"])).toBe("a");
    expect(health.resting).toBe(0);
  });

  test("and says how long when there is no other", async () => {
    breakDown("a");
    await clock.advance(1500);
    expect(health.choose(["a"], undefined)).toEqual({ kind: "resting", retryAfterSeconds: 4 });
  });
});

test("an endpoint that asked for patience is avoided for that time, unless it is the only one", async () => {
  health.report("a", { kind: "busy", retryAfterSeconds: 7 });
  expect(choose(["a", "b"])).toBe("b");
  expect(choose(["a"])).toBe("a");
  await clock.advance(7000);
  expect(choose(["a", "b"])).toBe("a");
});

test("success wipes the slate clean", () => {
  report("a", "failed", "failed", "failed", "failed", "succeeded");
  report("a", "failed", "failed", "failed", "failed");
  expect(health.resting).toBe(0);
});

import { expect, test } from "vitest";
import { isRuntimeError } from "./errors.ts";
import { faultOfLimit } from "./limit-fault.ts";
import { defaultLimits, provenUserQuotas, type RuntimeLimits } from "./limits.ts";
import { startTestRuntime } from "./testing/running-runtime.ts";

const named = (limits: Partial<RuntimeLimits>) =>
  Object.entries(limits) as readonly (readonly [keyof RuntimeLimits, number])[];

test.each([...named(defaultLimits), ...named(provenUserQuotas)])("%s may be %d, as it is", (name, value) => {
  expect(faultOfLimit(name, value)).toBeUndefined();
});

test.each([
  { name: "lameDuckMs", value: 0 },
  { name: "queueMs", value: 0.5 },
  { name: "socketAgeMs", value: 0 },
  { name: "conversations", value: 0 },
  { name: "maxConcurrentTurns", value: 1 },
  { name: "totalMs", value: 2_147_483_647 },
  { name: "userTurns", value: Number.POSITIVE_INFINITY },
  { name: "tenantCharactersPerSecond", value: 1e12 },
] as const)("$name may be $value", ({ name, value }) => {
  expect(faultOfLimit(name, value)).toBeUndefined();
});

test.each([
  { name: "maxConcurrentTurns", value: 0, says: "limit maxConcurrentTurns is 0: give at least 1" },
  { name: "socketTurns", value: 0.5, says: "limit socketTurns is 0.5: give at least 1" },
  { name: "totalMs", value: 0, says: "limit totalMs is 0: give at least 1" },
  { name: "drainMs", value: -1, says: "limit drainMs is -1: give at least 0" },
  { name: "queuedTurns", value: Number.NaN, says: "limit queuedTurns is NaN: give at least 0" },
  {
    name: "totalMs",
    value: 2_147_483_648,
    says: "limit totalMs is 2147483648: give at most 2147483647, which is 24 days",
  },
  {
    name: "resumeMs",
    value: Number.POSITIVE_INFINITY,
    says: "limit resumeMs is Infinity: give at most 2147483647, which is 24 days",
  },
] as const)("$name may not be $value", ({ name, value, says }) => {
  expect(faultOfLimit(name, value)).toBe(says);
});

test("a runtime does not start with bounds that it cannot keep, and names all of them", async () => {
  const started = startTestRuntime({ limits: { totalMs: 1e10, maxConcurrentTurns: 0, queueMs: 20 } });
  await expect(started).rejects.toSatisfy((error) => isRuntimeError(error, "InvalidLimit"));
  await expect(started).rejects.toThrow(
    "limit maxConcurrentTurns is 0: give at least 1; limit totalMs is 10000000000: give at most",
  );
});

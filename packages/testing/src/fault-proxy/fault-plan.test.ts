import { expect, test } from "vitest";
import { parseApiRequest } from "./api-request.ts";
import type { FaultRule } from "./fault.ts";
import { FaultPlan } from "./fault-plan.ts";

const list = parseApiRequest("GET", "/api/v1/configmaps");
const create = parseApiRequest("POST", "/api/v1/namespaces/a/configmaps");
const status = (code: number): FaultRule["fault"] => ({ kind: "status", status: code });

function faultsOf(rules: readonly FaultRule[], seed: number, count: number): readonly (string | undefined)[] {
  const plan = new FaultPlan(rules, seed);
  return Array.from({ length: count }, () => plan.faultFor(create)?.kind);
}

test("the nth matching request is struck, and no other", () => {
  const rule: FaultRule = {
    match: { verbs: ["create"] },
    occasion: { kind: "nth", nth: 2 },
    fault: status(500),
  };
  const plan = new FaultPlan([rule], 1);
  expect([list, create, list, create, create].map((one) => plan.faultFor(one) !== undefined)).toEqual([
    false,
    false,
    false,
    true,
    false,
  ]);
});

test("the first rule that strikes decides", () => {
  const rules: readonly FaultRule[] = [
    { match: { resources: ["configmaps"] }, occasion: { kind: "first", count: 1 }, fault: { kind: "reset" } },
    { match: {}, fault: status(503) },
  ];
  expect(faultsOf(rules, 1, 3)).toEqual(["reset", "status", "status"]);
});

test("a share is about that share, and the same for the same seed", () => {
  const rules: readonly FaultRule[] = [
    { match: {}, occasion: { kind: "share", share: 0.3 }, fault: { kind: "reset" } },
  ];
  const struck = faultsOf(rules, 7, 1000);
  expect(struck.filter((kind) => kind === "reset").length).toBeGreaterThan(250);
  expect(struck.filter((kind) => kind === "reset").length).toBeLessThan(350);
  expect(faultsOf(rules, 7, 1000)).toEqual(struck);
  expect(faultsOf(rules, 8, 1000)).not.toEqual(struck);
});

import type { Deployment, Rollout, StatefulSet } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { deploymentOf, rolloutOf, statefulSetOf } from "../testing/objects.ts";
import { isRolledOut } from "./rolled-out.ts";

const counts = {
  observedGeneration: 1,
  replicas: 1,
  updatedReplicas: 1,
  readyReplicas: 1,
  availableReplicas: 1,
};

/** What every kind has to say before it counts as rolled out. */
const unfinished = [
  { name: "an older generation", status: { observedGeneration: 0 } },
  { name: "a pod to be updated", status: { updatedReplicas: 0 } },
  { name: "a pod of the old template", status: { replicas: 2 } },
  { name: "a pod that is not available", status: { availableReplicas: 0 } },
];

describe("a Deployment", () => {
  const deployment = (status: Deployment["status"]): Deployment => deploymentOf("billing", { status });

  it("is rolled out when every replica is updated and available", () => {
    expect(isRolledOut(deployment(counts))).toBe(true);
  });

  it.each(unfinished)("is not with $name", ({ status }) => {
    expect(isRolledOut(deployment({ ...counts, ...status }))).toBe(false);
  });

  it("is not without a status", () => {
    expect(isRolledOut(deployment(undefined))).toBe(false);
  });

  it("is not when it is scaled to zero", () => {
    const { spec } = deploymentOf("billing");
    const none = { ...counts, replicas: 0, updatedReplicas: 0, availableReplicas: 0 };
    expect(isRolledOut(deploymentOf("billing", { spec: { ...spec, replicas: 0 }, status: none }))).toBe(
      false,
    );
  });
});

describe("a StatefulSet", () => {
  const statefulSet = (more: Partial<NonNullable<StatefulSet["status"]>>): StatefulSet =>
    statefulSetOf("billing", { status: { ...counts, ...more } });

  it("is rolled out when its pods have one revision", () => {
    expect(isRolledOut(statefulSet({ currentRevision: "a", updateRevision: "a" }))).toBe(true);
    expect(isRolledOut(statefulSet({}))).toBe(true);
  });

  it("is not while the update's revision is not the current one", () => {
    expect(isRolledOut(statefulSet({ currentRevision: "a", updateRevision: "b" }))).toBe(false);
  });

  it.each(unfinished)("is not with $name", ({ status }) => {
    expect(isRolledOut(statefulSet(status))).toBe(false);
  });
});

describe("a Rollout", () => {
  const rollout = (more: Partial<NonNullable<Rollout["status"]>>): Rollout =>
    rolloutOf("billing", { status: { ...counts, observedGeneration: "1", phase: "Healthy", ...more } });

  it.each([
    { name: "healthy", status: {}, expected: true },
    { name: "healthy and seen later", status: { observedGeneration: "2" }, expected: true },
    { name: "in the middle of a canary", status: { phase: "Progressing" }, expected: false },
    { name: "paused at a step", status: { phase: "Paused" }, expected: false },
    { name: "degraded", status: { phase: "Degraded" }, expected: false },
    { name: "without a phase", status: { phase: undefined }, expected: false },
    { name: "not observed yet", status: { observedGeneration: "0" }, expected: false },
    { name: "of an Argo that wrote hashes", status: { observedGeneration: "7d9f" }, expected: false },
    { name: "never observed", status: { observedGeneration: undefined }, expected: false },
    { name: "with a pod to be updated", status: { updatedReplicas: 0 }, expected: false },
    { name: "with pods of two templates", status: { replicas: 2 }, expected: false },
  ])("that is $name", ({ status, expected }) => {
    expect(isRolledOut(rollout(status))).toBe(expected);
  });
});

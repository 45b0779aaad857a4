import { rolloutKind } from "@lmos/resources";
import { expect, it } from "vitest";
import { deploymentOf, rolloutOf, statefulSetOf } from "../testing/objects.ts";
import { podLabelsOf, serviceAccountOf } from "./pods.ts";

it.each([
  { name: "of a Deployment", workload: deploymentOf("billing"), labels: { app: "billing" } },
  { name: "of a StatefulSet", workload: statefulSetOf("billing"), labels: { app: "billing" } },
  {
    name: "of a Rollout with the hash that Argo adds",
    workload: rolloutOf("billing"),
    labels: { app: "billing", "rollouts-pod-template-hash": "abc" },
  },
  {
    name: "of a Rollout that has no stable pods yet",
    workload: rolloutOf("billing", { status: undefined }),
    labels: { app: "billing" },
  },
])("the labels $name", ({ workload, labels }) => {
  expect(podLabelsOf(workload)).toEqual(labels);
});

it("takes the labels of a Rollout without a template from its selector", () => {
  const rollout = rolloutKind.parse({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: "billing" },
    spec: { workloadRef: { kind: "Deployment", name: "billing" } },
    status: { selector: "app=billing,tier=agents,!old" },
  });
  expect(podLabelsOf(rollout)).toEqual({ app: "billing", tier: "agents" });
});

it.each([
  { name: "default unless given", account: undefined, expected: "default" },
  { name: "default where it is empty", account: "", expected: "default" },
  { name: "the one that is given", account: "billing", expected: "billing" },
])("the service account is $name", ({ account, expected }) => {
  const { spec } = deploymentOf("billing");
  const template = { ...spec.template, spec: { ...spec.template.spec, serviceAccountName: account } };
  expect(serviceAccountOf(deploymentOf("billing", { spec: { ...spec, template } }))).toBe(expected);
});

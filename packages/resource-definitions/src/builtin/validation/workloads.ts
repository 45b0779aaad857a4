import { type JsonObject, jsonEqual, objectAt, textAt, textMapAt } from "@lmos/primitives";
import { type FieldError, forbidden, invalid, required } from "@lmos/structural-schema";
import { immutable, type KindRule, notNegative, notSupported } from "./checks.ts";
import { podSpecErrors } from "./pod-spec.ts";
import { selectorErrors, selectorMatches } from "./selector.ts";

/** The rules of what makes pods: their template, and the selector by which they are known again. */

function commonErrors(object: JsonObject, kind: string): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const template = objectAt(spec, "template");
  return [
    ...selectorFaults(spec, kind),
    ...podSpecErrors(objectAt(template, "spec"), "spec.template.spec"),
    ...restartErrors(textAt(objectAt(template, "spec"), "restartPolicy")),
    ...notNegative(spec, ["replicas", "minReadySeconds", "revisionHistoryLimit"], "spec"),
  ];
}

function selectorFaults(spec: JsonObject, kind: string): readonly FieldError[] {
  const labels = textMapAt(objectAt(objectAt(spec, "template"), "metadata"), "labels");
  const mismatch = invalid(
    "spec.template.metadata.labels",
    labels,
    "`selector` does not match template `labels`",
  );
  if (spec["selector"] === undefined) return [required("spec.selector"), mismatch];
  const selector = objectAt(spec, "selector");
  const faults = selectorErrors(selector, "spec.selector");
  if (faults.length > 0) return [...faults, invalid("spec.selector", selector, "invalid label selector")];
  if (Object.keys(selector).length === 0) {
    return [invalid("spec.selector", selector, `empty selector is invalid for ${kind}`)];
  }
  return selectorMatches(selector, labels) ? [] : [mismatch];
}

function restartErrors(policy: string | undefined): readonly FieldError[] {
  if (policy !== "Never" && policy !== "OnFailure") return [];
  return [notSupported("spec.template.spec.restartPolicy", policy, ["Always"])];
}

function strategyErrors(spec: JsonObject): readonly FieldError[] {
  const { type, rollingUpdate } = objectAt(spec, "strategy");
  if (type === "Recreate" && rollingUpdate !== undefined) {
    const detail = "may not be specified when strategy `type` is 'Recreate'";
    return [forbidden("spec.strategy.rollingUpdate", detail)];
  }
  if (type === undefined || type === "Recreate" || type === "RollingUpdate") return [];
  const shown = { Type: type, RollingUpdate: rollingUpdate ?? null };
  return [notSupported("spec.strategy", shown, ["Recreate", "RollingUpdate"])];
}

export const deploymentRules: KindRule = (object, old) => [
  ...commonErrors(object, "deployment"),
  ...strategyErrors(objectAt(object, "spec")),
  ...immutable(object, old, ["spec", "selector"]),
];

export const replicaSetRules: KindRule = (object, old) => [
  ...commonErrors(object, "deployment"), // so says Kubernetes, whose ReplicaSets share the check
  ...immutable(object, old, ["spec", "selector"]),
];

const changeable = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];

export const statefulSetRules: KindRule = (object, old) => {
  const errors = commonErrors(object, "statefulset");
  if (old === undefined) return errors;
  const [before, after] = [old, object].map((each) => fixedPart(objectAt(each, "spec")));
  if (jsonEqual(before, after)) return errors;
  const list = changeable
    .map((each) => `'${each}'`)
    .join(", ")
    .replace(/, ([^,]*)$/, " and $1");
  const detail = `updates to statefulset spec for fields other than ${list} are forbidden`;
  return [...errors, forbidden("spec", detail)];
};

function fixedPart(spec: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(spec).filter(([key]) => !changeable.includes(key)));
}

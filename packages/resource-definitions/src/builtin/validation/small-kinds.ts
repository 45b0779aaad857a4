import { type JsonObject, listAt, objectAt } from "@lmos/primitives";
import { type FieldError, invalid } from "@lmos/structural-schema";
import { type KindRule, notNegative, notSupported } from "./checks.ts";
import { selectorErrors } from "./selector.ts";

/** The rules of kinds that have few. */

export const leaseRules: KindRule = (lease) => {
  const spec = objectAt(lease, "spec");
  const seconds = spec["leaseDurationSeconds"];
  const isShort = typeof seconds === "number" && seconds <= 0;
  return [
    ...(isShort ? [invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0")] : []),
    ...notNegative(spec, ["leaseTransitions"], "spec"),
  ];
};

export const disruptionBudgetRules: KindRule = (budget) => {
  const spec = objectAt(budget, "spec");
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec;
  const shown = {
    MinAvailable: minAvailable,
    Selector: selector ?? null,
    MaxUnavailable: maxUnavailable,
    UnhealthyPodEvictionPolicy: unhealthyPodEvictionPolicy ?? null,
  };
  const isBoth = minAvailable !== undefined && maxUnavailable !== undefined;
  return [
    ...(isBoth ? [invalid("spec", shown, "minAvailable and maxUnavailable cannot be both set")] : []),
    ...amountErrors(spec, "minAvailable"),
    ...amountErrors(spec, "maxUnavailable"),
    ...selectorErrors(objectAt(spec, "selector"), "spec.selector"),
  ];
};

const percentRule =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

function amountErrors(spec: JsonObject, member: string): readonly FieldError[] {
  const value = spec[member];
  if (typeof value !== "string") return notNegative(spec, [member], "spec");
  if (!/^[0-9]+%$/.test(value)) return [invalid(`spec.${member}`, value, percentRule)];
  return Number.parseInt(value, 10) > 100
    ? [invalid(`spec.${member}`, value, "must not be greater than 100%")]
    : [];
}

export const networkPolicyRules: KindRule = (policy) => {
  const spec = objectAt(policy, "spec");
  const types = listAt(spec, "policyTypes").flatMap((type, index) =>
    type === "Ingress" || type === "Egress"
      ? []
      : [notSupported(`spec.policyTypes[${index}]`, type, ["Ingress", "Egress"])],
  );
  return [...types, ...selectorErrors(objectAt(spec, "podSelector"), "spec.podSelector")];
};

/** An event is kept where the object is that it tells of; that of a cluster's object in the default namespace. */
export const eventRules: KindRule = (event) => {
  const own = objectAt(event, "metadata")["namespace"];
  const about = objectAt(event, "involvedObject")["namespace"] ?? "";
  if (about === own || (about === "" && (own === "default" || own === "kube-system"))) return [];
  return [invalid("involvedObject.namespace", about, "does not match event.namespace")];
};

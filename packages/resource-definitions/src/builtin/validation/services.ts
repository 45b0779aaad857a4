import { dnsLabel } from "@lmos/kubernetes-syntax";
import { type JsonObject, objectAt, objectsAt, textAt, textMapAt } from "@lmos/primitives";
import { type FieldError, required } from "@lmos/structural-schema";
import { duplicate, type KindRule, named, oneOf, portInRange, portReference, repeated } from "./checks.ts";
import { labelErrors } from "./selector.ts";

/** The rules of services. */
export const serviceRules: KindRule = (service) => {
  const spec = objectAt(service, "spec");
  const { type } = spec;
  return [
    ...(type === "ExternalName" && !spec["externalName"] ? [required("spec.externalName")] : []),
    ...portListErrors(spec),
    ...labelErrors(textMapAt(spec, "selector"), "spec.selector"),
    ...oneOf(spec, "sessionAffinity", ["ClientIP", "None"], "spec"),
    ...oneOf(spec, "type", ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"], "spec"),
  ];
};

function portListErrors(spec: JsonObject): readonly FieldError[] {
  const ports = objectsAt(spec, "ports");
  const needsPorts = spec["clusterIP"] !== "None" && spec["type"] !== "ExternalName";
  if (ports.length === 0) return needsPorts ? [required("spec.ports")] : [];
  return [
    ...ports.flatMap((port, index) => portErrors(port, `spec.ports[${index}]`, ports.length > 1)),
    ...repeated(ports, "name", "spec.ports"),
    ...samePortErrors(ports),
  ];
}

function portErrors(port: JsonObject, path: string, needsName: boolean): readonly FieldError[] {
  const name = textAt(port, "name");
  return [
    ...(needsName || name ? named(`${path}.name`, name, dnsLabel) : []),
    ...portInRange(`${path}.port`, port["port"]),
    ...oneOf(port, "protocol", ["SCTP", "TCP", "UDP"], path),
    ...portReference(`${path}.targetPort`, port["targetPort"]),
  ];
}

function samePortErrors(ports: readonly JsonObject[]): readonly FieldError[] {
  const seen = new Set<string>();
  return ports.flatMap(({ port, protocol }, index) => {
    const key = `${String(protocol)}/${String(port)}`;
    const isTaken = seen.has(key);
    seen.add(key);
    const shown = { Name: "", Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
    return isTaken ? [duplicate(`spec.ports[${index}]`, shown)] : [];
  });
}

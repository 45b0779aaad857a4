import { dnsLabel } from "@lmos/kubernetes-syntax";
import { type JsonObject, objectAt, objectsAt, textAt } from "@lmos/primitives";
import { type FieldError, required } from "@lmos/structural-schema";
import { type KindRule, named, oneOf, repeated } from "./checks.ts";
import { containerErrors, sharedNameErrors } from "./containers.ts";

/** The rules of pods and of the templates that they are made from. */

/** What is wrong with the specification of a pod at `path`. */
export function podSpecErrors(spec: JsonObject, path: string): readonly FieldError[] {
  const volumes = objectsAt(spec, "volumes");
  const names = new Set(volumes.map((volume) => textAt(volume, "name") ?? ""));
  const containers = objectsAt(spec, "containers");
  return [
    ...(containers.length === 0 ? [required(`${path}.containers`)] : []),
    ...["containers", "initContainers"].flatMap((list) =>
      objectsAt(spec, list).flatMap((each, index) =>
        containerErrors(each, `${path}.${list}[${index}]`, names),
      ),
    ),
    ...sharedNameErrors(spec, path),
    ...volumes.flatMap((volume, index) =>
      named(`${path}.volumes[${index}].name`, textAt(volume, "name"), dnsLabel),
    ),
    ...repeated(volumes, "name", `${path}.volumes`),
    ...oneOf(spec, "restartPolicy", ["Always", "OnFailure", "Never"], path),
    ...oneOf(spec, "dnsPolicy", ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"], path),
  ];
}

export const podRules: KindRule = (pod) => podSpecErrors(objectAt(pod, "spec"), "spec");

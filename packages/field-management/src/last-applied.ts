import { metadataOf, withMetadata } from "@lmos/kubernetes-syntax";
import { asObject, canonicalJson, isRecord, type JsonObject, textMapAt } from "@lmos/primitives";
import type { AppliedConfiguration } from "./applied-configuration.ts";
import { compare } from "./compare.ts";
import { differenceOf, emptyFieldSet, type FieldSet, unionOf } from "./field-set.ts";
import { fieldsOf } from "./fields-of.ts";
import { apiVersionIn, withoutManagers } from "./managed-fields.ts";

/**
 * The annotation in which client-side `kubectl apply` keeps what it applied. A user who changes to server-side apply
 * meets their own earlier writes as those of another manager; Kubernetes lets `kubectl`, and only it, take them over.
 */
const lastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";
const kubectlManager = "kubectl";

/** The fields that kubectl applied from the client and that still have that value. */
export function allowedByLastApplied({
  live,
  manager,
  schema,
  configuration,
}: AppliedConfiguration): FieldSet {
  if (live === undefined || manager !== kubectlManager) return emptyFieldSet;
  const lastApplied = parseObject(textMapAt(metadataOf(live), "annotations")[lastAppliedAnnotation]);
  if (lastApplied === undefined || apiVersionIn(lastApplied) !== apiVersionIn(configuration))
    return emptyFieldSet;
  const { added, modified, removed } = compare(schema, lastApplied, withoutManagers(live));
  return differenceOf(fieldsOf(schema, lastApplied), unionOf(added, unionOf(modified, removed)));
}

/** The applied object with the annotation, if it has one, brought up to date for client-side users of the object. */
export function withLastApplied(
  { manager, configuration }: AppliedConfiguration,
  object: JsonObject,
): JsonObject {
  const annotations = textMapAt(metadataOf(object), "annotations");
  if (manager !== kubectlManager || annotations[lastAppliedAnnotation] === undefined) return object;
  const { [lastAppliedAnnotation]: _self, ...others } = textMapAt(metadataOf(configuration), "annotations");
  const recorded = withMetadata(configuration, {
    annotations: "annotations" in metadataOf(configuration) ? others : undefined,
  });
  const text = `${canonicalJson(recorded)}\n`;
  return withMetadata(object, { annotations: { ...annotations, [lastAppliedAnnotation]: text } });
}

function parseObject(text: string | undefined): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return isRecord(value) ? asObject(value) : undefined;
  } catch {
    return undefined; // somebody wrote something else into the annotation: it allows nothing
  }
}

import { readFileSync } from "node:fs";
import {
  type ApplyOutcome,
  applyConfiguration,
  conflictCause,
  conflictMessage,
  mergePatch,
  recordUpdate,
  strategicMergePatch,
} from "@lmos/field-management";
import { metadataOf, withMetadata } from "@lmos/kubernetes-syntax";
import type { JsonObject } from "@lmos/primitives";
import { builtinKinds, customResourceDefinition } from "@lmos/resource-definitions";
import { applyDefaults, pruneUnknown, type StructuralSchema } from "@lmos/structural-schema";
import { describe, expect, test } from "vitest";

/**
 * Series of writes with what kube-apiserver 1.34.4 answered to each: the object with its managed fields, or the
 * conflict. Times are replaced by the number of the step.
 */
interface Step {
  readonly kind: "create" | "apply" | "applyStatus" | "merge" | "mergeStatus" | "strategic";
  readonly manager: string;
  readonly force?: boolean;
  readonly body: JsonObject;
  readonly result: Recorded;
}

type Recorded = JsonObject | { readonly conflict: string; readonly causes: readonly JsonObject[] };

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const scenarios: readonly { readonly name: string; readonly steps: readonly Step[] }[] = read(
  "./testdata/recorded-managed-fields.json",
);
const widgets = customResourceDefinition(
  read("../../packages/resource-definitions/src/testdata/widgets-crd.json"),
);
const kinds = [...builtinKinds, ...(widgets.kind === "defined" ? widgets.definitions : [])];

function schemaFor(kind: unknown): StructuralSchema {
  const schema = kinds.find((definition) => definition.kind === kind)?.schema;
  if (schema === undefined) throw new Error(`no schema for ${String(kind)}`);
  return schema;
}

function write(live: JsonObject | undefined, step: Step, index: number): ApplyOutcome {
  const schema = schemaFor(live?.["kind"] ?? step.body["kind"]);
  const by = {
    manager: step.manager,
    subresource: step.kind.endsWith("Status") ? "status" : "",
    schema,
    time: `2026-01-01T00:00:0${index}Z`,
  };
  const sent = pruneUnknown(schema, step.body).value;
  if (step.kind === "apply" || step.kind === "applyStatus") {
    const force = step.force === true;
    const outcome = applyConfiguration({ ...by, live, configuration: sent, force });
    return outcome.kind === "conflict"
      ? outcome
      : { ...outcome, object: applyDefaults(schema, outcome.object) };
  }
  const patch = step.kind === "strategic" ? strategicMergePatch : mergePatch;
  const after = applyDefaults(schema, step.kind === "create" ? sent : patch(live ?? {}, step.body, schema));
  return { kind: "applied", object: recordUpdate({ ...by, before: live, after }) };
}

/** The part of an object that the recording has. */
function recordedPart(object: JsonObject, recorded: Recorded): unknown {
  const { labels, annotations, managedFields } = metadataOf(object);
  const members = Object.fromEntries(
    Object.keys(recorded)
      .filter((key) => key !== "metadata")
      .map((key) => [key, object[key] ?? {}]),
  );
  const metadata = withMetadata({}, { labels, annotations, managedFields })["metadata"];
  return { metadata, ...members };
}

function outcomeOf(outcome: ApplyOutcome, recorded: Recorded): unknown {
  if (outcome.kind === "applied") return recordedPart(outcome.object, recorded);
  const causes = outcome.conflicts.map((conflict) => ({
    reason: "FieldManagerConflict",
    message: conflictCause(conflict),
    field: conflict.field,
  }));
  return { conflict: conflictMessage(outcome.conflicts), causes: sorted(causes) };
}

/** Kubernetes lists the causes by manager in no order. */
function sorted(causes: readonly JsonObject[]): readonly JsonObject[] {
  return causes.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

describe("managed fields are those that kube-apiserver records", () => {
  test.each(scenarios)("$name", ({ steps }) => {
    let live: JsonObject | undefined;
    for (const [index, step] of steps.entries()) {
      const outcome = write(live, step, index);
      expect(outcomeOf(outcome, step.result)).toEqual(step.result);
      if (outcome.kind === "applied") live = outcome.object;
    }
  });
});

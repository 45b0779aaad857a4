/**
 * What is particular about some built-in kinds, in one table; every other kind, custom ones included, follows the
 * general rules.
 */
import type { JsonObject } from "@lmos/primitives";
import type { ResourceDefinition } from "../resource-definition.ts";
import type { FieldError } from "../schema/field-error.ts";
import {
  customResourceFinalizer,
  prepareCustomResourceDefinition,
  validateCustomResourceDefinition,
} from "./kinds/custom-resource-definition.ts";
import { coreEvents } from "./kinds/event.ts";
import { isHeldNamespace, prepareNamespace, terminateNamespace } from "./kinds/namespace.ts";
import { answerAccessReview } from "./kinds/self-subject-access-review.ts";
import { prepareService } from "./kinds/service.ts";
import type { WriteSurroundings } from "./surroundings.ts";

/** A kind's deviations. */
export interface Strategy {
  /** Shares the storage of another resource, whose form of the object it converts to and from. */
  readonly storedAs?: {
    readonly resource: string;
    readonly fromStored: (object: JsonObject) => JsonObject;
    readonly toStored: (object: JsonObject) => JsonObject;
  };
  /** Fields beside name and namespace that a field selector may name. */
  readonly selectableFields?: readonly string[];
  /** `metadata.generation` is kept; custom resources always have it. */
  readonly hasGeneration?: boolean;
  /** Objects are deleted so long after they were last written. */
  readonly keepMs?: number;
  /** Names are DNS labels, or any path segment; else DNS subdomains. */
  readonly names?: "label" | "segment";
  /** Completes an object before it is validated and written; `old` is undefined at creation. */
  readonly prepare?: (
    object: JsonObject,
    old: JsonObject | undefined,
    surroundings: WriteSurroundings,
  ) => JsonObject;
  /** Rules that the schema can't say. */
  readonly validate?: (object: JsonObject) => readonly FieldError[];
  /** Finalizer that every deletion of such an object begins with: something has to be emptied first. */
  readonly finalizer?: string;
  /** What else holds an object that is being deleted, beside the finalizers in its metadata. */
  readonly isHeld?: (object: JsonObject) => boolean;
  /** What the deletion of an object changes in it, beside its metadata. */
  readonly markDeleted?: (object: JsonObject) => JsonObject;
  /** The object is a question: this is the answer, and nothing is stored. */
  readonly answer?: (object: JsonObject) => JsonObject;
}

const general: Strategy = {};
const generated: Strategy = { hasGeneration: true };
const pathNames: Strategy = { names: "segment" };

const strategies: Readonly<Record<string, Strategy>> = {
  "/namespaces": {
    prepare: prepareNamespace,
    isHeld: isHeldNamespace,
    markDeleted: terminateNamespace,
    names: "label",
    selectableFields: ["status.phase"],
  },
  "/services": { prepare: prepareService, names: "label", selectableFields: ["spec.clusterIP", "spec.type"] },
  "/pods": {
    hasGeneration: true,
    selectableFields: ["status.phase", "spec.nodeName", "spec.serviceAccountName", "status.podIP"],
  },
  "/secrets": { selectableFields: ["type"] },
  "/events": { keepMs: 3_600_000, selectableFields: coreEvents.coreFields },
  "events.k8s.io/events": { storedAs: coreEvents, selectableFields: coreEvents.newFields },
  "apps/deployments": generated,
  "apps/replicasets": generated,
  "apps/statefulsets": generated,
  "networking.k8s.io/networkpolicies": generated,
  "policy/poddisruptionbudgets": generated,
  "discovery.k8s.io/endpointslices": generated,
  "rbac.authorization.k8s.io/roles": pathNames,
  "rbac.authorization.k8s.io/rolebindings": pathNames,
  "rbac.authorization.k8s.io/clusterroles": pathNames,
  "rbac.authorization.k8s.io/clusterrolebindings": pathNames,
  "apiextensions.k8s.io/customresourcedefinitions": {
    hasGeneration: true,
    prepare: prepareCustomResourceDefinition,
    validate: validateCustomResourceDefinition,
    finalizer: customResourceFinalizer,
  },
  "authorization.k8s.io/selfsubjectaccessreviews": { answer: answerAccessReview },
};

/** The deviations of a definition's kind. */
export function strategyOf(definition: Pick<ResourceDefinition, "group" | "plural" | "origin">): Strategy {
  if (definition.origin === "custom") return generated;
  return strategies[`${definition.group}/${definition.plural}`] ?? general;
}

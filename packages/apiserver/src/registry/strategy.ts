/**
 * What is particular about some built-in kinds, in one table; every other kind, custom ones included, follows the
 * general rules.
 */
import type { JsonObject } from "@lmos/primitives";
import type { ResourceDefinition } from "@lmos/resource-definitions";
import {
  customResourceFinalizer,
  prepareCustomResourceDefinition,
} from "./kinds/custom-resource-definition.ts";
import { coreEvents, storedEvents } from "./kinds/event.ts";
import { isHeldNamespace, prepareNamespace, terminateNamespace } from "./kinds/namespace.ts";
import { encodeStringData } from "./kinds/secret.ts";
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
  /** Names are DNS labels, those of a namespace or a service, or any path segment; else DNS subdomains. */
  readonly names?: "namespace" | "service" | "segment";
  /** Makes what clients write into what is kept, before it is noted whose fields those are. */
  readonly decode?: (object: JsonObject) => JsonObject;
  /** Completes an object before it is validated and written; `old` is undefined at creation. */
  readonly prepare?: (
    object: JsonObject,
    old: JsonObject | undefined,
    surroundings: WriteSurroundings,
  ) => JsonObject;
  /** Finalizer that every deletion of such an object begins with: something has to be emptied first. */
  readonly finalizer?: string;
  /** Names of objects that are always there. */
  readonly undeletable?: readonly string[];
  /** Whoever replaces an object must say which version; so it is with custom resources. */
  readonly needsVersion?: boolean;
  /** What else holds an object that is being deleted, beside the finalizers in its metadata. */
  readonly isHeld?: (object: JsonObject) => boolean;
  /** What the deletion of an object changes in it, beside its metadata. */
  readonly markDeleted?: (object: JsonObject) => JsonObject;
  /** The object is a question: this is the answer, and nothing is stored. */
  readonly answer?: (object: JsonObject) => JsonObject;
}

const general: Strategy = {};
const customResources: Strategy = { hasGeneration: true, needsVersion: true };

const strategies: Readonly<Record<string, Strategy>> = {
  "/namespaces": {
    prepare: prepareNamespace,
    undeletable: ["default", "kube-system", "kube-public"],
    isHeld: isHeldNamespace,
    markDeleted: terminateNamespace,
    names: "namespace",
    selectableFields: ["status.phase"],
  },
  "/services": {
    prepare: prepareService,
    names: "service",
    selectableFields: ["spec.clusterIP", "spec.type"],
  },
  "/pods": {
    hasGeneration: true,
    selectableFields: ["status.phase", "spec.nodeName", "spec.serviceAccountName", "status.podIP"],
  },
  "/secrets": { decode: encodeStringData, selectableFields: ["type"] },
  "/events": {
    storedAs: storedEvents,
    keepMs: 3_600_000,
    selectableFields: coreEvents.coreFields,
  },
  "events.k8s.io/events": { storedAs: coreEvents, selectableFields: coreEvents.newFields },
  "apps/deployments": { hasGeneration: true },
  "apps/replicasets": { hasGeneration: true },
  "apps/statefulsets": { hasGeneration: true },
  "networking.k8s.io/networkpolicies": { hasGeneration: true },
  "policy/poddisruptionbudgets": { hasGeneration: true },
  "discovery.k8s.io/endpointslices": { hasGeneration: true },
  "coordination.k8s.io/leases": { needsVersion: true },
  "rbac.authorization.k8s.io/roles": { names: "segment" },
  "rbac.authorization.k8s.io/rolebindings": { names: "segment" },
  "rbac.authorization.k8s.io/clusterroles": { names: "segment" },
  "rbac.authorization.k8s.io/clusterrolebindings": { names: "segment" },
  "apiextensions.k8s.io/customresourcedefinitions": {
    hasGeneration: true,
    needsVersion: true,
    prepare: prepareCustomResourceDefinition,
    finalizer: customResourceFinalizer,
  },
  "authorization.k8s.io/selfsubjectaccessreviews": { answer: answerAccessReview },
};

/** The deviations of a definition's kind. */
export function strategyOf(definition: Pick<ResourceDefinition, "group" | "plural" | "origin">): Strategy {
  if (definition.origin === "custom") return customResources;
  return strategies[`${definition.group}/${definition.plural}`] ?? general;
}

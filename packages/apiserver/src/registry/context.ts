import { type Clock, formatTimestamp, type IdSource, type Random } from "@lmos/primitives";
import type { ResourceDefinition } from "@lmos/resource-definitions";
import type { ObjectStore } from "../storage/object-store.ts";
import type { StoredObject } from "../storage/stored-object.ts";
import type { Catalogue } from "./catalogue.ts";
import type { WriteSurroundings } from "./surroundings.ts";

/** What every operation on objects works with. */
export interface RegistryContext {
  readonly store: ObjectStore;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
}

/** What is done with fields that are unknown or given twice: refused, dropped with a warning, or just dropped. */
export type FieldValidation = "Strict" | "Warn" | "Ignore";

/** A write, but for its body. */
export interface WriteRequest {
  readonly definition: ResourceDefinition;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  /** Of the object in the path; empty when creating. */
  readonly name: string;
  readonly subresource: "status" | "scale" | undefined;
  readonly dryRun: boolean;
  /** Who the written fields belong to. */
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
  /** Fields that the body gives more than once. */
  readonly duplicateFields: readonly string[];
  /** Tells the client something that did not stop the write. */
  readonly warn: (text: string) => void;
}

/** What the kinds' strategies may use. */
export function surroundingsOf({ store, clock, random }: RegistryContext): WriteSurroundings {
  return {
    now: formatTimestamp(clock.now()),
    random: () => random.next(),
    get: (address) => store.get(address),
    list: (resource) => allOf(store, resource),
  };
}

/** All current objects of a resource, or of one namespace of it. */
export function allOf(store: ObjectStore, resource: string, namespace?: string): readonly StoredObject[] {
  const after = { namespace: "", name: "" };
  return store.page({ resource, namespace, at: store.revision, after, limit: Number.MAX_SAFE_INTEGER });
}

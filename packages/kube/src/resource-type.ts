import type { KubeObject } from "./object.ts";

/** What the client has to know about a kind to reach its objects and to read them. */
export interface ResourceType<T extends KubeObject = KubeObject> {
  /** API group; `""` is the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Lower-case plural as it stands in URLs, such as `configmaps`. */
  readonly plural: string;
  readonly namespaced: boolean;
  /**
   * Reads one object of this type where it enters the process; throws when it can't be read: that object is then
   * left out of stores and reported, and the others go on.
   */
  readonly parse: (value: unknown) => T;
}

/** The `apiVersion` of the type's objects: `v1`, or `group/version`. */
export function apiVersionOf(type: ResourceType): string {
  return type.group === "" ? type.version : `${type.group}/${type.version}`;
}

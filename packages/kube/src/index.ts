export { type ApplyIfChangedOptions, applyIfChanged } from "./apply.ts";
export type {
  ApplyOptions,
  CallOptions,
  DeleteOptions,
  InvalidObject,
  KubeClient,
  KubeClientOptions,
  ListOptions,
  ObjectList,
  Patch,
  Selection,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from "./client.ts";
export type { Credentials, KubeConnection } from "./connection.ts";
export {
  type Controller,
  type ControllerOptions,
  createController,
  type Requeue,
  requeueAfter,
  requeueOnChange,
} from "./controller.ts";
export { createKubeClient } from "./create-client.ts";
export { isKubeError, KubeError, type KubeErrorCode } from "./errors.ts";
export {
  createEventRecorder,
  type EventRecord,
  type EventRecorder,
  type EventRecorderOptions,
} from "./events.ts";
export { type LoadConnectionOptions, loadConnection } from "./load-connection.ts";
export {
  type KubeObject,
  keyOf,
  keyText,
  type ObjectKey,
  type ObjectMeta,
  type OwnerReference,
  parseKeyText,
} from "./object.ts";
export { createObjectStore, type MutableStore, type ObjectStoreOptions } from "./object-store.ts";
export { createReflector, type Reflector, type ReflectorOptions } from "./reflector.ts";
export { apiVersionOf, type ResourceType } from "./resource-type.ts";
export { fromStore, type Source } from "./source.ts";
export type { Change, Indexes, Store } from "./store.ts";

export { type ApplyIfChangedOptions, applyIfChanged } from "./apply.ts";
export { type BreakerPolicy, defaultBreakerPolicy, type QuarantineReason } from "./breaker.ts";
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
export { type ConditionEntry, type ConditionFinding, setConditions } from "./conditions.ts";
export type { Credentials, KubeConnection } from "./connection.ts";
export { type Controller, createController } from "./controller.ts";
export type { ControllerOptions } from "./controller-options.ts";
export { createKubeClient } from "./create-client.ts";
export { isKubeError, KubeError, type KubeErrorCode } from "./errors.ts";
export {
  createEventRecorder,
  type EventRecord,
  type EventRecorder,
  type EventRecorderOptions,
} from "./events.ts";
export { type Interceptors, interceptClient } from "./intercept.ts";
export type { PodEnvironment } from "./kubeconfig.ts";
export type { Lane } from "./lanes.ts";
export { type Leadership, runAsLeader } from "./leader.ts";
export type { LeaderOptions } from "./leader-options.ts";
export { type Lease, type LeaseSpec, leaseResource } from "./lease.ts";
export { type LoadConnectionOptions, loadConnection } from "./load-connection.ts";
export { createKubeMetrics, type KubeMetrics, type ReconcileResult } from "./metrics.ts";
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
export { createOptionalReflector, type OptionalReflectorOptions } from "./optional-reflector.ts";
export { isOutage } from "./outage.ts";
export { type OwnWrites, trackOwnWrites } from "./own-writes.ts";
export type { Permission } from "./permission.ts";
export type { QuarantineChange } from "./quarantine.ts";
export type { QueueMetrics } from "./queue-metrics.ts";
export { createReflector, type Reflector, type ReflectorOptions } from "./reflector.ts";
export { createReflectorGroup, type ReflectorGroupOptions, uniteStores } from "./reflector-group.ts";
export { type Requeue, requeueAfter, requeueOnChange } from "./requeue.ts";
export { apiVersionOf, type ResourceType } from "./resource-type.ts";
export { isOlderVersion } from "./resource-version.ts";
export { type EnqueueHint, fromStore, type Source } from "./source.ts";
export type { Change, Indexes, Store } from "./store.ts";
export { type Allowance, TokenBuckets } from "./token-bucket.ts";
export { versionOf } from "./watcher.ts";

import type { CallOptions, ObjectKey, Requeue } from "@lmos/kube";

/** The loop body of a controller: brings the world in line with the object of that key, which may be gone. */
export type Reconcile = (key: ObjectKey, options: CallOptions) => Promise<Requeue>;

/** Publishes the ready processes that a Service selects in its annotation `lmos.dev/local-endpoints`. */
import {
  apiVersionOf,
  applyIfChanged,
  type CallOptions,
  isKubeError,
  type KubeClient,
  type ObjectKey,
  type Requeue,
  requeueOnChange,
  type Store,
} from "@lmos/kube";
import { formatLocalEndpoints, localEndpointsAnnotation, type Service, serviceKind } from "@lmos/resources";
import { endpointsOf } from "./endpoints.ts";
import type { ProcessTable } from "./process-table.ts";

/** What the reconciler reads and writes. */
export interface ServiceReconcilerOptions {
  readonly client: Pick<KubeClient, "apply">;
  readonly services: Pick<Store<Service>, "get">;
  readonly table: Pick<ProcessTable, "list">;
}

/** The loop body for Services. */
export interface ServiceReconciler {
  reconcile(key: ObjectKey, options: CallOptions): Promise<Requeue>;
}

/** A reconciler of the Services in that store. One that never had an endpoint here is left alone. */
export function createServiceReconciler({
  client,
  services,
  table,
}: ServiceReconcilerOptions): ServiceReconciler {
  const reconcile = async (key: ObjectKey, { signal }: CallOptions): Promise<Requeue> => {
    const service = services.get(key);
    if (service === undefined) return requeueOnChange;
    const endpoints = endpointsOf(service, table.list());
    const published = service.metadata.annotations?.[localEndpointsAnnotation];
    if (published === undefined && endpoints.length === 0) return requeueOnChange;
    await applyIfChanged(client, serviceKind, service, annotated(service, formatLocalEndpoints(endpoints)), {
      fieldManager: "lmos-process-node-endpoints",
      force: true,
      signal,
    }).catch(ignoreGone);
    return requeueOnChange;
  };
  return { reconcile };
}

/** The uid keeps the write from creating a Service again that was deleted meanwhile. */
function annotated(service: Service, endpoints: string): Parameters<KubeClient["apply"]>[1] {
  const { name, namespace, uid } = service.metadata;
  return {
    apiVersion: apiVersionOf(serviceKind),
    kind: serviceKind.kind,
    metadata: { name, namespace, uid, annotations: { [localEndpointsAnnotation]: endpoints } },
  };
}

function ignoreGone(error: unknown): void {
  if (!isKubeError(error, "NotFound") && !isKubeError(error, "Conflict")) throw error;
}

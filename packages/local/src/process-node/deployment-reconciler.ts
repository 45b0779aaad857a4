/** Brings the processes of one Deployment in line with what it asks for, and its status in line with them. */
import {
  apiVersionOf,
  applyIfChanged,
  type CallOptions,
  isKubeError,
  type KubeClient,
  type ObjectKey,
  type Requeue,
  requeueAfter,
  requeueOnChange,
  type Store,
} from "@lmos/kube";
import { type Clock, formatTimestamp, type Logger } from "@lmos/primitives";
import { decideProcesses, type ProcessAction } from "./decide.ts";
import type { ProcessTable, StopTimes } from "./process-table.ts";
import { reportStatus } from "./report.ts";
import { type NodeDeployment, nodeDeploymentKind, type Workload, workloadOf } from "./workload.ts";

/** Callers learn by watch that a process is no longer offered: it goes on answering until they have. */
const stopTimes: StopTimes = { noticeMs: 250, graceMs: 10_000 };

/** What the reconciler reads and writes. */
export interface DeploymentReconcilerOptions {
  readonly client: Pick<KubeClient, "apply">;
  readonly deployments: Pick<Store<NodeDeployment>, "get">;
  readonly table: ProcessTable;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The loop body for Deployments. */
export interface DeploymentReconciler {
  reconcile(key: ObjectKey, options: CallOptions): Promise<Requeue>;
  /** Writes the status as the processes are now, and changes nothing else. */
  report(key: ObjectKey, options: CallOptions): Promise<void>;
}

/** A reconciler of the Deployments in that store. */
export function createDeploymentReconciler(options: DeploymentReconcilerOptions): DeploymentReconciler {
  const { client, clock, deployments, table } = options;

  const report = async (key: ObjectKey, { signal }: CallOptions): Promise<void> => {
    const deployment = deployments.get(key);
    if (deployment === undefined) return;
    const desired = {
      apiVersion: apiVersionOf(nodeDeploymentKind),
      kind: nodeDeploymentKind.kind,
      metadata: { ...key },
      status: reportStatus({
        name: key.name,
        workload: workloadOf(deployment),
        generation: deployment.metadata.generation,
        processes: table.of(key),
        earlier: deployment.status,
        now: formatTimestamp(clock.now()),
      }),
    };
    await applyIfChanged(client, nodeDeploymentKind, deployment, desired, {
      fieldManager: "lmos-process-node",
      subresource: "status",
      force: true,
      signal,
    }).catch(ignoreGone);
  };

  const reconcile = async (key: ObjectKey, { signal }: CallOptions): Promise<Requeue> => {
    const deployment = deployments.get(key);
    const workload = deployment === undefined ? undefined : workloadOf(deployment);
    const processes = table.of(key);
    if (workload === undefined && processes.length === 0) return requeueOnChange;
    const { actions, wakeAfterMs } = decideProcesses({ workload, processes, now: clock.monotonic() });
    for (const action of actions) await act(action, { key, workload, ...options });
    await report(key, { signal });
    return wakeAfterMs === undefined ? requeueOnChange : requeueAfter(wakeAfterMs);
  };

  return { reconcile, report };
}

interface ActionContext {
  readonly key: ObjectKey;
  readonly workload: Workload | undefined;
  readonly table: ProcessTable;
  readonly logger: Logger;
}

async function act(action: ProcessAction, { key, workload, table, logger }: ActionContext): Promise<void> {
  switch (action.kind) {
    case "start": {
      const { replica, launch } = action;
      const owner = workload?.uid ?? "";
      const templateHash = workload?.templateHash ?? "";
      return table.start({ deployment: key, owner, templateHash, replica, launch });
    }
    case "restart":
      return table.restart(action.id);
    case "stop":
      // It may take its whole grace period: the table tells when it is gone.
      table.stop(action.id, stopTimes).catch((error) => logger.error("a process was not stopped", { error }));
      return;
    default:
      return action satisfies never;
  }
}

/** A Deployment that was deleted meanwhile has no status to keep true. */
function ignoreGone(error: unknown): void {
  if (!isKubeError(error, "NotFound")) throw error;
}

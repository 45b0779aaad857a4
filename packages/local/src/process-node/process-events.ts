/** Kubernetes Events about processes: what `kubectl describe deployment` shows of their starts and crashes. */
import type { EventRecord, EventRecorder, Store } from "@lmos/kube";
import type { LocalProcess } from "./local-process.ts";
import type { ProcessChange } from "./process-table.ts";
import { type NodeDeployment, nodeDeploymentKind } from "./workload.ts";

/** Records an event for each change that people care about. */
export function recordProcessEvents(
  change: ProcessChange,
  {
    deployments,
    recorder,
  }: {
    readonly deployments: Pick<Store<NodeDeployment>, "get">;
    readonly recorder: Pick<EventRecorder, "record">;
  },
): void {
  const process = change.after;
  if (process === undefined || process.state.kind === change.before?.state.kind) return;
  const event = eventOf(process);
  const deployment = deployments.get(process.deployment);
  if (event === undefined || deployment === undefined) return;
  recorder.record({
    ...event,
    regarding: { ...deployment, apiVersion: "apps/v1", kind: nodeDeploymentKind.kind },
  });
}

function eventOf({
  replica,
  port,
  lastExit,
  state,
}: LocalProcess): Omit<EventRecord, "regarding"> | undefined {
  switch (state.kind) {
    case "running":
      return {
        type: "Normal",
        reason: "Started",
        action: "Starting",
        note: `Started replica ${replica} on port ${port}`,
      };
    case "waiting":
      return {
        type: "Warning",
        reason: "BackOff",
        action: "Restarting",
        note: `Replica ${replica} ${lastExit}; back-off before it is started again`,
      };
    case "starting":
    case "stopping":
      return undefined;
    default:
      return state satisfies never;
  }
}

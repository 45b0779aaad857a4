/**
 * The process node: controllers that run Deployments as processes of this machine. It needs nothing but a client of an
 * API server, the embedded one or a real one, on which it must be the only writer of these Deployments' status.
 */
import {
  type CallOptions,
  createController,
  createEventRecorder,
  createReflector,
  fromStore,
  type KubeClient,
  keyOf,
  type ObjectKey,
  type Source,
  type Store,
} from "@lmos/kube";
import { type Clock, type IdSource, type Logger, type Random, withDeadline } from "@lmos/primitives";
import { type Service, serviceKind } from "@lmos/resources";
import { createDeploymentReconciler, type DeploymentReconciler } from "./deployment-reconciler.ts";
import type { LocalProcess } from "./local-process.ts";
import { recordProcessEvents } from "./process-events.ts";
import type { ProcessTable } from "./process-table.ts";
import { createServiceReconciler, type ServiceReconciler } from "./service-reconciler.ts";
import { type NodeDeployment, nodeDeploymentKind, workloadOf } from "./workload.ts";

/** What a process node is made of. It owns the table's processes from then on. */
export interface ProcessNodeOptions {
  readonly client: KubeClient;
  readonly table: ProcessTable;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly logger: Logger;
}

/** A running process node. Disposing it stops all processes within about three seconds and writes that down. */
export interface ProcessNode extends AsyncDisposable {
  /** What runs now. */
  processes(): readonly LocalProcess[];
}

const stopGraceMs = 2000;
const lastReportMs = 1000;

/** Starts a process node; it works until it is disposed. */
export function startProcessNode(options: ProcessNodeOptions): ProcessNode {
  const { client, clock, ids, logger, random, table } = options;
  const mirrors = {
    deployments: createReflector({ client, type: nodeDeploymentKind, clock, random, logger }),
    services: createReflector({ client, type: serviceKind, clock, random, logger }),
  };
  const stores: Stores = { deployments: mirrors.deployments.store, services: mirrors.services.store };
  const recorder = createEventRecorder({ client, component, instance: "local", clock, ids, logger });
  const reconcilers = createReconcilers(stores, options);
  const watching = new AbortController();
  const working = new AbortController();
  table.subscribe((change) => recordProcessEvents(change, { deployments: stores.deployments, recorder }));
  const runs = [
    runControllers(reconcilers, stores, { ...options, signal: working.signal }),
    ...Object.values(mirrors).map((mirror) => mirror.run({ signal: watching.signal })),
  ].map((run) => run.catch((error) => logger.error("the process node no longer works", { error })));
  return {
    processes: () => table.list(),
    [Symbol.asyncDispose]: async () => {
      working.abort();
      await table.close(stopGraceMs);
      await reportLast(reconcilers, stores, options);
      watching.abort();
      await recorder[Symbol.asyncDispose]();
      await Promise.all(runs);
    },
  };
}

const component = "lmos-process-node";

interface Stores {
  readonly deployments: Store<NodeDeployment>;
  readonly services: Store<Service>;
}

interface Reconcilers {
  readonly deployment: DeploymentReconciler;
  readonly service: ServiceReconciler;
}

function createReconcilers({ deployments, services }: Stores, options: ProcessNodeOptions): Reconcilers {
  return {
    deployment: createDeploymentReconciler({ ...options, deployments }),
    service: createServiceReconciler({ ...options, services }),
  };
}

async function runControllers(
  { deployment, service }: Reconcilers,
  { deployments, services }: Stores,
  { table, clock, random, logger, signal }: ProcessNodeOptions & CallOptions,
): Promise<void> {
  const common = { synced: [deployments, services], clock, random, logger };
  const controllers = [
    createController({
      ...common,
      name: "process-node-deployments",
      sources: [fromStore(deployments, (object) => [keyOf(object)]), changedDeployments(table)],
      reconcile: deployment.reconcile,
    }),
    createController({
      ...common,
      name: "process-node-services",
      sources: [fromStore(services, (object) => [keyOf(object)]), servicesNearChanges(table, services)],
      reconcile: service.reconcile,
    }),
  ];
  await Promise.all(controllers.map((controller) => controller.run({ signal })));
}

/** The Deployment of each process that changes. */
function changedDeployments(table: ProcessTable): Source {
  return onProcessChange(table, (process) => [process.deployment]);
}

/** Every Service in the namespace of a process that changes: any of them may select it. */
function servicesNearChanges(table: ProcessTable, services: Store<Service>): Source {
  return onProcessChange(table, ({ deployment }) =>
    services
      .list()
      .filter(({ metadata }) => metadata.namespace === deployment.namespace)
      .map(keyOf),
  );
}

function onProcessChange(table: ProcessTable, map: (process: LocalProcess) => readonly ObjectKey[]): Source {
  return {
    start: (enqueue) =>
      table.subscribe(({ before, after }) => {
        const process = after ?? before;
        if (process !== undefined) for (const key of map(process)) enqueue(key);
      }),
  };
}

/** Once nothing runs any more: says so in every status and on every Service, as far as there is time. */
async function reportLast(
  reconcilers: Reconcilers,
  stores: Stores,
  options: ProcessNodeOptions,
): Promise<void> {
  const { clock, logger } = options;
  const { signal: never } = new AbortController();
  using deadline = withDeadline("the last report", lastReportMs, { clock, signal: never });
  const { signal } = deadline;
  const ours = stores.deployments.list().filter((deployment) => workloadOf(deployment) !== undefined);
  const outcomes = await Promise.allSettled([
    ...ours.map((deployment) => reconcilers.deployment.report(keyOf(deployment), { signal })),
    ...stores.services.list().map((service) => reconcilers.service.reconcile(keyOf(service), { signal })),
  ]);
  const missed = outcomes.filter(({ status }) => status === "rejected").length;
  if (missed > 0) logger.warn("the last state of some objects was not written", { missed });
}

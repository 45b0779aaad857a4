export { type ApplyObjectsOptions, applyObjects } from "./apply-objects.ts";
export { type Cluster, type ClusterOptions, startCluster } from "./cluster.ts";
export { type CommandLine, parseCommandLine } from "./command-line.ts";
export { installDefinitions } from "./custom-definitions.ts";
export { type DeletedObject, deleteObjects } from "./delete-objects.ts";
export { LocalError, type LocalErrorCode } from "./errors.ts";
export { type Custody, type CustodyOptions, takeCustody } from "./guard/custody.ts";
export type { LogLocation } from "./logs/log-path.ts";
export { type LogLine, type ReadLogsOptions, readLogs } from "./logs/read-logs.ts";
export type { LocalProcess, ProcessState } from "./process-node/local-process.ts";
export { createMachineTable, type MachineOptions } from "./process-node/machine.ts";
export { type ProcessNode, type ProcessNodeOptions, startProcessNode } from "./process-node/process-node.ts";
export type { ProcessTable } from "./process-node/process-table.ts";
export type { GroupCustodian } from "./process-node/spawner.ts";
export {
  commandAnnotation,
  type Launch,
  portAnnotation,
  workingDirectoryAnnotation,
} from "./process-node/workload.ts";
export type { Refusal } from "./refusal.ts";
export { type SystemObjectsOptions, systemNamespace, systemObjects } from "./system-objects.ts";

export { ArcDoor, type ArcDoorOptions, type OpenedSocket, type UpgradeRefusal } from "./arc-door.ts";
export { ArcOperations, type ArcOperationsOptions } from "./arc-operations.ts";
export type { AnsweredOperation, RefusedOperation, StartedOperation } from "./started-operation.ts";

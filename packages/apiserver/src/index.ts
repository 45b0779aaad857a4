export { ApiServerError, type ApiServerErrorCode } from "./errors.ts";
export type { Retention } from "./lifecycle/compaction.ts";
export { type ApiServer, type ApiServerOptions, startApiServer } from "./start.ts";

export { ApiServerError, type ApiServerErrorCode } from "./errors.ts";
export { type ApiServer, type ApiServerOptions, startApiServer } from "./start.ts";

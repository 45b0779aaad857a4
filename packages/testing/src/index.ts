export {
  type CrashOptions,
  type CrashPlan,
  type CrashReport,
  type CrashResult,
  type CrashScene,
  crashAtEveryWrite,
  type Killable,
} from "./crash-driver/crash-driver.ts";
export { maskVolatile } from "./crash-driver/mask.ts";
export { summarizeWrites, type WriteSummary } from "./crash-driver/write-summary.ts";
export { FakeClock } from "./fake-clock.ts";
export { type ApiRequest, type ApiVerb, isMutating, parseApiRequest } from "./fault-proxy/api-request.ts";
export type { Fault, FaultRule, Occasion, RequestMatch } from "./fault-proxy/fault.ts";
export { countRequests, type HistoryEntry, type MutationRecord, mutationsOf } from "./fault-proxy/history.ts";
export { type HttpProxy, type HttpProxyOptions, startHttpProxy } from "./fault-proxy/http-proxy.ts";
export {
  type BlackholeDirection,
  type LinkConditions,
  startTcpProxy,
  type TcpProxy,
  type TcpProxyOptions,
} from "./fault-proxy/tcp-proxy.ts";
export type { Upstream } from "./fault-proxy/upstream.ts";
export { SeededRandom, SequentialIds } from "./seeded-random.ts";

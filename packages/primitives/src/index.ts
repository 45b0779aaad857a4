export { abortable, DeadlineExceededError, type OwnedSignal, whenAborted, withDeadline } from "./abort.ts";
export { acceptedQuality } from "./accept.ts";
export { type Alarm, Alarms, alarmSlotMs, alarmsOf, type Ringable } from "./alarms.ts";
export { type BackoffPolicy, backoffDelayMs } from "./backoff.ts";
export { hasOtherCharset, hasUnknownCharset } from "./charset.ts";
export { type Clock, formatTimestamp, systemClock } from "./clock.ts";
export { errorMessage, isLmosError, LmosError, type LmosErrorOptions } from "./error.ts";
export { type EventLimits, readEvents, type StreamEvent } from "./event-stream.ts";
export { faultFields } from "./fault-fields.ts";
export { matchesAnyGlob, matchesGlob } from "./glob.ts";
export { canonicalJson, isRecord, type JsonObject, type JsonValue, jsonEqual } from "./json.ts";
export {
  asObject,
  listAt,
  objectAt,
  objectsAt,
  textAt,
  textMapAt,
  textsAt,
  withMember,
} from "./json-access.ts";
export { type LogFields, type Logger, silentLogger } from "./logger.ts";
export { nextTurn } from "./next-turn.ts";
export { type IdSource, type Random, systemIds, systemRandom } from "./random.ts";
export { reasonPhrase } from "./reason-phrase.ts";
export { dropRestOfBody, maxDroppedBytes, type Refusal } from "./refused-body.ts";
export { trackSilentConnections } from "./silent-connections.ts";
export {
  collectGarbage,
  collectYoungObjectsAlone,
  keepHeapSmall,
  keepYoungGenerationSmall,
  letHeapGrow,
  makeObjectsYoung,
} from "./small-heap.ts";
export { hashSeed, mixUnit, TermTable } from "./term-table.ts";
export {
  type Code,
  compileLoop,
  f32,
  f32x4,
  i32,
  type Local,
  type Loop,
  localsOf,
  repeatWhile,
} from "./web-assembly.ts";

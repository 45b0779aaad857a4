import { metadataOf } from "@lmos/kubernetes-syntax";
import { asObject, type JsonObject, listAt, objectAt, objectsAt, textAt } from "@lmos/primitives";
import { ageOf } from "./human-duration.ts";

/** The cells of a Pod's row that sum up its containers. */

/** `1/2`: ready containers of all. */
export function podReady(pod: JsonObject): string {
  const ready = statuses(pod).filter((status) => status["ready"] === true && isIn(status, "running"));
  return `${ready.length}/${listAt(objectAt(pod, "spec"), "containers").length}`;
}

/** The pod's phase, or what keeps it from running: the reason of the first container that says one. */
export function podStatus(pod: JsonObject): string {
  const status = objectAt(pod, "status");
  const phase = textAt(status, "phase") ?? "";
  const ended = phase === "Succeeded" || phase === "Failed";
  if (metadataOf(pod)["deletionTimestamp"] !== undefined && !ended) {
    return textAt(status, "reason") === "NodeLost" ? "Unknown" : "Terminating";
  }
  const reason = statuses(pod).map(containerReason).find(Boolean) ?? (textAt(status, "reason") || phase);
  const running = statuses(pod).some((each) => each["ready"] === true && isIn(each, "running"));
  return reason === "Completed" && running ? "Running" : reason;
}

/** How often containers were restarted, and when last. */
export function podRestarts(pod: JsonObject, nowMs: number): string {
  const count = statuses(pod).reduce((sum, status) => sum + Number(status["restartCount"] ?? 0), 0);
  const last = statuses(pod)
    .map((status) => textAt(objectAt(objectAt(status, "lastState"), "terminated"), "finishedAt") ?? "")
    .sort()
    .at(-1);
  return count === 0 || last === undefined || last === ""
    ? String(count)
    : `${count} (${ageOf(last, nowMs)} ago)`;
}

function containerReason(status: JsonObject): string | undefined {
  const state = objectAt(status, "state");
  const waiting = textAt(objectAt(state, "waiting"), "reason");
  if (waiting !== undefined && waiting !== "") return waiting;
  const terminated = asObject(state["terminated"]);
  if (terminated === undefined) return undefined;
  const signal = Number(terminated["signal"] ?? 0);
  const code = signal === 0 ? `ExitCode:${Number(terminated["exitCode"] ?? 0)}` : `Signal:${signal}`;
  return textAt(terminated, "reason") || code;
}

function statuses(pod: JsonObject): readonly JsonObject[] {
  return objectsAt(objectAt(pod, "status"), "containerStatuses");
}

function isIn(status: JsonObject, state: string): boolean {
  return asObject(objectAt(status, "state")[state]) !== undefined;
}

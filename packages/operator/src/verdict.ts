/** What is said of one condition, before it is known of which generation and since when. */
import type { DecidedCondition } from "@lmos/resources";

/** The status of a condition with its reason, and words for people. */
export type Verdict = Pick<DecidedCondition, "status" | "reason" | "message">;

/** A verdict in one line. */
export function verdict(status: Verdict["status"], reason: string, message: string): Verdict {
  return { status, reason, message };
}

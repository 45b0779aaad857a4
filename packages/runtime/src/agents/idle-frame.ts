/** What an agent says while no turn uses its socket. */
import { defaultFrameLimits, parseFrame, turnOfFrame } from "@lmos/protocol";

/** The answer to a protocol ping. */
export const pongFrame = '{"type":"pong"}';

/**
 * `late`: what it still had to say of an earlier turn, or an answer to a ping. `garbage`: what no turn can have asked for, so
 * that the next one must not get it.
 */
export type IdleFrame = "ping" | "late" | "garbage";

/** Reads what came. */
export function readIdleFrame(text: string): IdleFrame {
  const frame = parseFrame(text, defaultFrameLimits);
  if (frame.kind === "unreadable") return "garbage";
  switch (frame.type) {
    case "ping":
      return "ping";
    case "pong":
      return "late";
    case "next":
    case "error":
    case "complete":
      return turnOfFrame(frame) === undefined ? "garbage" : "late";
    default:
      return "garbage";
  }
}

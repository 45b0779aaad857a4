/** What an agent may say while no turn uses its socket: a protocol ping, and what it still had to say of the last turn. */
import { isRecord } from "@lmos/primitives";

/** The answer to a protocol ping. */
export const pongFrame = '{"type":"pong"}';

const maxPingLength = 1024;

/** True for a protocol ping; whatever else comes, belongs to no turn and is dropped. */
export function isPingFrame(text: string): boolean {
  if (text.length > maxPingLength) return false;
  try {
    const frame: unknown = JSON.parse(text);
    return isRecord(frame) && frame["type"] === "ping";
  } catch {
    return false;
  }
}

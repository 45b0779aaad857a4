/** Turns at a rate, whatever becomes of them. */
import { setTimeout as sleep } from "node:timers/promises";
import { sendPatiently, sendTurn, type TurnOutcome } from "./turns.ts";

/** So many turns a second, for so long. */
export interface OpenLoad {
  readonly port: number;
  /** Of its turns. */
  readonly name: string;
  readonly perSecond: number;
  readonly ms: number;
  readonly tenant?: string;
  /** `!wait 50` unless given: 50 ms at the agent. */
  readonly content?: string;
  /** Comes back when the server says that it is at its limit. */
  readonly patient?: boolean;
}

/** Sends and waits for all of them. */
export async function openLoad(load: OpenLoad): Promise<readonly TurnOutcome[]> {
  const { port, name, perSecond, ms, content = "!wait 50", patient = false, ...rest } = load;
  const send = patient ? sendPatiently : sendTurn;
  const sent: Promise<TurnOutcome>[] = [];
  const startedAt = performance.now();
  while (performance.now() - startedAt < ms) {
    const due = ((performance.now() - startedAt) / 1000) * perSecond;
    while (sent.length < due) {
      sent.push(send({ port, turnId: `${name}-${sent.length}`, content, ...rest }));
    }
    await sleep(5);
  }
  return Promise.all(sent);
}

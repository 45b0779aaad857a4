/** Clients, in a process of their own, that never finish their headers or their bodies. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";

/** Such clients, all of them connected. */
export interface SlowClients {
  /** When the server has cut off the last one: for how long each was connected, in milliseconds; first one with headers, then one with a body, and so on. */
  readonly closed: Promise<readonly number[]>;
}

/** Opens so many within a second. */
export async function openSlowClients(port: number, count: number): Promise<SlowClients> {
  const child = fork(new URL("slow-program.ts", import.meta.url), [JSON.stringify({ port, count })], {
    execArgv: ["--conditions=@lmos/source"],
  });
  await once(child, "message");
  const closed = once(child, "message").then(([message]: unknown[]) => {
    child.disconnect();
    return z.array(z.number()).parse(message);
  });
  return { closed };
}

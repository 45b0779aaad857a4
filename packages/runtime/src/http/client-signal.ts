/** The life of a client, as a signal. */
import type { FastifyReply } from "fastify";

/** Aborted when the client is gone, or has its answer. */
export function signalOfClient({ raw }: FastifyReply): { readonly signal: AbortSignal } {
  const controller = new AbortController();
  if (raw.closed) controller.abort(); // it left while it was found out who it is
  raw.once("close", () => controller.abort());
  return { signal: controller.signal };
}

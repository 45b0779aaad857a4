/** The life of a client, as a signal. */
import type { FastifyReply } from "fastify";

/** Aborted when the client is gone, or has its answer. */
export function signalOfClient({ raw }: FastifyReply): { readonly signal: AbortSignal } {
  const controller = new AbortController();
  raw.once("close", () => controller.abort());
  return { signal: controller.signal };
}

/** From a request to a reply: who asks, what for, and what to say when it fails. */
import { errorMessage, type Logger } from "@lmos/primitives";
import { RequestError } from "../errors.ts";
import { isAuthorized } from "../identity/identity.ts";
import { unknownPath } from "../registry/failures.ts";
import { failureFormat } from "./accept.ts";
import { handleDiscovery } from "./discovery-handler.ts";
import type { Api, Exchange } from "./exchange.ts";
import { handleObjects } from "./objects-handler.ts";
import { plainText, type Reply, replyFailure } from "./reply.ts";
import { parseRoute } from "./route.ts";

/** Who may ask, and where faults of this server are noted. */
export interface Gate {
  readonly token: string;
  readonly logger: Logger;
}

/** Answers one request; every failure becomes a `metav1.Status`. Nobody is told of what a crash could still undo. */
export async function handle(
  api: Api,
  exchange: Exchange,
  gate: Gate & { readonly path: string },
): Promise<Reply> {
  const { store } = api.registry;
  const mark = store.mark();
  try {
    const reply = await answerOrRefuse(api, exchange, gate);
    await store.whenFlushed(mark);
    return reply;
  } catch (error) {
    if (!exchange.signal.aborted)
      gate.logger.error("A request failed unexpectedly", { path: gate.path, error });
    return replyFailure(internalError(error));
  }
}

async function answerOrRefuse(
  api: Api,
  exchange: Exchange,
  gate: Gate & { readonly path: string },
): Promise<Reply> {
  try {
    return await answer(api, exchange, gate);
  } catch (error) {
    if (error instanceof RequestError) return replyFailure(error, failureFormat(exchange.headers.accept));
    throw error;
  }
}

async function answer(api: Api, exchange: Exchange, gate: Gate & { readonly path: string }): Promise<Reply> {
  const route = parseRoute(gate.path);
  if (route.kind === "health") return { kind: "text", status: 200, contentType: plainText, text: "ok" };
  if (!isAuthorized(exchange.headers.authorization, gate.token)) {
    throw new RequestError("Unauthorized", "Unauthorized");
  }
  if (route.kind === "unknown") throw unknownPath();
  return route.kind === "objects"
    ? handleObjects(api, exchange, route)
    : handleDiscovery(api, exchange, route);
}

function internalError(error: unknown): RequestError {
  const causes = [{ message: errorMessage(error) }];
  return new RequestError("InternalError", `Internal error occurred: ${errorMessage(error)}`, { causes });
}

/** How failures are answered, in the shapes that callers of each door read. */
import type { FastifyReply } from "fastify";
import type { z } from "zod";

/** A request that cannot be served; `code` is in capitals, as LMOS' classifier has them. */
export interface HttpFailure {
  readonly status: number;
  readonly code: string;
  /** For people: what is wrong, and what to do. */
  readonly message: string;
}

/** How a door words a failure. */
export type FailureShape = (failure: HttpFailure) => unknown;

/** `{error, message}`: the shape of LMOS' classifier. */
export const classifierShape: FailureShape = ({ code, message }) => ({ error: code, message });

/** `{error: {…}}`: OpenAI's shape. */
export const openAiShape: FailureShape = ({ status, code, message }) => ({
  error: {
    message,
    type: status < 500 ? "invalid_request_error" : "server_error",
    param: null,
    code: code.toLowerCase(),
  },
});

/** Which shape the paths below `/v1` and `/openai` have. */
export function shapeOf(url: string): FailureShape {
  return /^\/(v1|openai)\//.test(url) ? openAiShape : classifierShape;
}

/** Answers a failure in the shape of its path. */
export function sendFailure(reply: FastifyReply, failure: HttpFailure): FastifyReply {
  return reply.code(failure.status).send(shapeOf(reply.request.url)(failure));
}

/** The body, or the failure that names the first fields that are wrong. */
export function parseBody<T>(
  schema: z.ZodType<T>,
  body: unknown,
):
  | { readonly kind: "parsed"; readonly value: T }
  | { readonly kind: "invalid"; readonly failure: HttpFailure } {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return { kind: "parsed", value: parsed.data };
  const faults = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join(".")}: ${message}`);
  return {
    kind: "invalid",
    failure: {
      status: 400,
      code: "INVALID_REQUEST",
      message: `The body is not as expected: ${faults.join("; ")}`,
    },
  };
}

import type { JsonObject } from "@lmos/primitives";

/** Whoever has the token may do everything: there is no role evaluation. */
export function answerAccessReview(review: JsonObject): JsonObject {
  return { ...review, status: { allowed: true, reason: "the bearer of the token may do everything" } };
}

/** Asks the cluster whose token it is (TokenReview), and remembers the answer for a short while. */
import { createHash } from "node:crypto";
import {
  type CallOptions,
  isKubeError,
  type KubeClient,
  type KubeObject,
  type ResourceType,
} from "@lmos/kube";
import { type Clock, type Logger, withDeadline } from "@lmos/primitives";
import { z } from "zod";
import { type Authenticate, type Authentication, callerOf } from "./caller.ts";

const tokenReviewSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("TokenReview"),
  metadata: z.object({ name: z.string() }),
  status: z
    .object({
      authenticated: z.boolean().default(false),
      user: z.object({ username: z.string().default("") }).default({ username: "" }),
      /** Those of the question that the token is for. */
      audiences: z.array(z.string()).default([]),
    })
    .default({ authenticated: false, user: { username: "" }, audiences: [] }),
});
type TokenReview = z.infer<typeof tokenReviewSchema>;

/** TokenReviews: asked for by creating one; none is kept. */
export const tokenReviewKind: ResourceType<TokenReview> = {
  group: "authentication.k8s.io",
  version: "v1",
  kind: "TokenReview",
  plural: "tokenreviews",
  namespaced: false,
  parse: (value) => tokenReviewSchema.parse(value),
};

/** What tokens are looked at with. */
export interface TokenReviewOptions {
  readonly client: Pick<KubeClient, "create">;
  /** Audiences that a token must be for; those of the API server unless given. */
  readonly audiences?: readonly string[] | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Bounds every question: it is shared by all who wait for it. */
  readonly signal: AbortSignal;
}

/** How long a known caller is believed: a token that is revoked is good for so long. */
const knownMs = 60_000;
/** How long a refusal is remembered, so that one bad token does not make a question of each request. */
const refusedMs = 10_000;
/** Nothing is kept under it; but what has no name is no object to our client. */
const questionName = "read-api";
const questionMs = 5_000;
/** More callers than that at once push out the oldest. */
const mostRemembered = 10_000;

interface Remembered {
  readonly answer: Promise<Authentication>;
  untilMs: number;
}

/** Answers are remembered by the digest of the token: the token itself is kept nowhere. */
export function createTokenReview(options: TokenReviewOptions): Authenticate {
  const { clock } = options;
  const remembered = new Map<string, Remembered>();
  return async (token) => {
    const digest = createHash("sha256").update(token).digest("base64");
    const known = remembered.get(digest);
    if (known !== undefined && known.untilMs > clock.monotonic()) return known.answer;
    const entry: Remembered = { answer: review(token, options), untilMs: Number.POSITIVE_INFINITY };
    remembered.delete(digest);
    remembered.set(digest, entry);
    const [oldest] = remembered.keys();
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
    const answer = await entry.answer;
    entry.untilMs = clock.monotonic() + lifetimeMs(answer);
    return answer;
  };
}

/** A cluster that could not be asked is asked again by the next request. */
function lifetimeMs({ kind }: Authentication): number {
  if (kind === "caller") return knownMs;
  return kind === "unavailable" ? 0 : refusedMs;
}

/** Never throws. */
async function review(token: string, options: TokenReviewOptions): Promise<Authentication> {
  const { clock, signal, logger } = options;
  using deadline = withDeadline("reviewing a token", questionMs, { signal, clock });
  try {
    const { status } = await ask(token, options, deadline);
    if (!status.authenticated) {
      return { kind: "unknown", detail: "the token is not known to the cluster, or has run out" };
    }
    return isMeantForUs(status, options) ? callerOf(status.user.username) : meantForOthers(options);
  } catch (error) {
    logger.warn("a token can't be reviewed", { error });
    const isForbidden = isKubeError(error, "Forbidden");
    const remedy = isForbidden ? "the operator lacks the right to create tokenreviews" : "try again";
    return { kind: "unavailable", detail: `the cluster could not be asked who you are: ${remedy}` };
  }
}

/** A server that knows no audiences takes a token for anybody: so it has to say that it looked. */
function isMeantForUs(
  { audiences }: TokenReview["status"],
  { audiences: wanted }: Pick<TokenReviewOptions, "audiences">,
): boolean {
  return wanted === undefined || audiences.some((audience) => wanted.includes(audience));
}

function meantForOthers({ audiences = [] }: Pick<TokenReviewOptions, "audiences">): Authentication {
  const names = audiences.join(" or ");
  return {
    kind: "unknown",
    detail: `the token is for somebody else: send one for the audience ${names}`,
  };
}

function ask(
  token: string,
  { client, audiences }: TokenReviewOptions,
  { signal }: CallOptions,
): Promise<TokenReview> {
  const question: KubeObject & Pick<TokenReview, "status"> & { readonly spec: object } = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenReview",
    metadata: { name: questionName },
    spec: { token, ...(audiences === undefined ? {} : { audiences }) },
    status: { authenticated: false, user: { username: "" }, audiences: [] },
  };
  return client.create(tokenReviewKind, { ...question, kind: "TokenReview" }, { signal });
}

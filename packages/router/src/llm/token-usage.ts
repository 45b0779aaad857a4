/**
 * Tokens that a call of a language model takes. What the service says counts; where it says nothing they are estimated: a
 * token for each three bytes of UTF-8. Text takes fewer of most models, so the estimate is on the safe side.
 */

/** Tokens of one call. */
export interface TokenUsage {
  /** Of what the model read. */
  readonly input: number;
  /** Of what it wrote. */
  readonly output: number;
  /** Whether the service said so, or nobody knows better. */
  readonly source: "reported" | "estimated";
}

const bytesPerToken = 3;

/** What a service reports, where these are counts; undefined where they are not, or where nothing was used, which cannot be. */
export function reportedUsage(input: unknown, output: unknown): TokenUsage | undefined {
  if (!isCount(input) || !isCount(output) || input + output === 0) return undefined;
  return { input, output, source: "reported" };
}

/** Tokens of a text, by the rule. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

/** Both directions. */
export function totalTokens({ input, output }: TokenUsage): number {
  return input + output;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

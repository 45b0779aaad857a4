/** When an operator has nothing left to write. */
import { type HttpProxy, isMutating, mutationsOf } from "@lmos/testing";
import { eventually } from "../../faults/harness/eventually.ts";

/** Longer than any change that does not change again waits for its turn. */
const quietMs = 3_000;

/** What is known of a proxy's writes. */
type Written = Pick<HttpProxy, "history" | "nowMs">;

/** Resolves once nothing was written through that proxy for three seconds; throws where that does not come within two minutes. */
export async function whenAtRest(proxy: Written): Promise<void> {
  const sinceMs = proxy.nowMs;
  await eventually("nothing is written any more", () => restedMs(proxy, sinceMs) >= quietMs, 120_000);
}

/** Milliseconds since the last write was answered, or since then where there was none later. */
export function restedMs({ history, nowMs }: Written, sinceMs: number): number {
  const answered = mutationsOf(history, isMutating).map(({ answeredAtMs }) => answeredAtMs);
  return nowMs - Math.max(sinceMs, ...answered);
}

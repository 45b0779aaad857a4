/** When an operator has nothing left to write. */
import { type HttpProxy, isMutating, mutationsOf } from "@lmos/testing";
import { eventually } from "../../faults/harness/eventually.ts";

/** Longer than any change that does not change again waits for its turn. */
const quietMs = 3_000;

/** Resolves once nothing was written through that proxy for three seconds; throws where that does not come within two minutes. */
export async function whenAtRest(proxy: Pick<HttpProxy, "history" | "nowMs">): Promise<void> {
  const sinceMs = proxy.nowMs;
  const isAtRest = (): boolean => {
    const writes = mutationsOf(proxy.history, isMutating).map(({ answeredAtMs }) => answeredAtMs);
    return proxy.nowMs - Math.max(sinceMs, ...writes) >= quietMs;
  };
  await eventually("nothing is written any more", isAtRest, 120_000);
}

/** Which offered routing may take the place of the one that serves. */
import { isOlderVersion } from "@lmos/kube";
import type { ChannelRouting } from "@lmos/resources";

/** True when `offered` is an earlier state of the same object: a source that lags, or was restored from a backup. */
export function isEarlierState(offered: ChannelRouting, served: ChannelRouting): boolean {
  const [before, after] = [served.metadata, offered.metadata];
  if (before.uid === undefined || before.uid !== after.uid) return false;
  const [had, has] = [before.generation ?? 0, after.generation ?? 0];
  if (had !== has) return has < had;
  return isOlderVersion(after.resourceVersion, before.resourceVersion);
}

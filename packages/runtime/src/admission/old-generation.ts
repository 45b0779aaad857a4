/**
 * How full the old generation of the heap is: what outlives a few collections, and what ends a process when there is no room
 * for it. V8's limit also counts the young generation, three semi-spaces of up to 64 MiB, which stays nearly empty while the
 * old one overflows.
 */
import { getHeapSpaceStatistics, getHeapStatistics } from "node:v8";

const defaultSemiSpaceMiB = 64;
const semiSpacesOfYoungGeneration = 3;
const semiSpaceFlag = /^--max[-_]semi[-_]space[-_]size=(\d+)$/;
const young: ReadonlySet<string> = new Set(["new_space", "new_large_object_space"]);

/** Of this process, 0 to 1. A semi-space that was set otherwise than on the command line counts as the default: then it errs early. */
export function oldGenerationShare(): number {
  const used = getHeapSpaceStatistics()
    .filter(({ space_name: name }) => !young.has(name))
    .reduce((sum, space) => sum + space.space_used_size, 0);
  return used / oldGenerationLimit(getHeapStatistics().heap_size_limit, process.execArgv);
}

/** Bytes that the old generation may have, of a limit for both, under these flags of Node; the whole limit where that leaves nothing. */
export function oldGenerationLimit(heapLimit: number, flags: readonly string[]): number {
  const given = flags.map((flag) => semiSpaceFlag.exec(flag)?.[1]).findLast((size) => size !== undefined);
  const semiSpace = Number(given ?? defaultSemiSpaceMiB) * 2 ** 20;
  const limit = heapLimit - semiSpacesOfYoungGeneration * semiSpace;
  return limit > 0 ? limit : heapLimit;
}

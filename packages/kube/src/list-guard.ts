/**
 * Refuses lists that lead back in time: a server (or cache) that lags behind may answer with what was true before, and
 * whoever acts on that deletes what others have just made. A list is too old when its version lies before one that was
 * already seen. After a minute of nothing newer the past is believed: then a backup was restored.
 */
import type { Clock } from "@lmos/primitives";
import { KubeError } from "./errors.ts";
import { isOlderVersion } from "./resource-version.ts";

const disbeliefMs = 60_000;

/** What one reflector has seen of time. */
export interface ListGuard {
  /** This version was seen, in an event, a bookmark or an accepted list. */
  saw(resourceVersion: string | undefined): void;
  /** Throws `Expired` when a list of this version is to be refused. */
  check(resourceVersion: string): void;
}

/** Nothing seen yet. */
export function createListGuard(clock: Clock): ListGuard {
  let newest: string | undefined;
  let refusingSinceMs: number | undefined;
  return {
    saw: (resourceVersion) => {
      if (newest === undefined || isOlderVersion(newest, resourceVersion)) newest = resourceVersion;
    },
    check: (resourceVersion) => {
      if (isOlderVersion(resourceVersion, newest)) {
        refusingSinceMs ??= clock.monotonic();
        if (clock.monotonic() - refusingSinceMs < disbeliefMs) {
          throw new KubeError(
            "Expired",
            `a list of version ${resourceVersion} after version ${newest} was seen`,
          );
        }
      }
      refusingSinceMs = undefined;
      newest = resourceVersion;
    },
  };
}

/** The Widget controller within this process: for rows that start it many times. */
import type { KubeClient } from "@lmos/kube";
import { silentLogger, systemClock, systemRandom } from "@lmos/primitives";
import { createWidgetController } from "../widget-controller/widget-controller.ts";

/** A controller that runs. Disposing it stops it. */
export interface RunningController extends AsyncDisposable {
  /** Resolves when both caches have their first list. */
  whenSynced(): Promise<void>;
}

/** Starts it without an election. */
export function runController(client: KubeClient, namespace: string): RunningController {
  const stopped = new AbortController();
  const { signal } = stopped;
  const runtime = { clock: systemClock, random: systemRandom, logger: silentLogger };
  const controller = createWidgetController({ client, namespace, ...runtime });
  const running = Promise.all([controller.watch({ signal }), controller.work(undefined, { signal })]);
  return {
    whenSynced: async () => {
      const { widgets, children } = controller.stores;
      await Promise.all([widgets.whenSynced({ signal }), children.whenSynced({ signal })]);
    },
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      await running;
    },
  };
}

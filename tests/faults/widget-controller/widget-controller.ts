/** The controller: two reflectors, a work queue and the reconcile function. */
import {
  createController,
  createReflector,
  fromStore,
  type KubeClient,
  keyOf,
  keyText,
  trackOwnWrites,
} from "@lmos/kube";
import type { Clock, Logger, Random } from "@lmos/primitives";
import { widgetKeyOf, widgetLabel } from "./plan.ts";
import { reconcileWidget } from "./reconcile.ts";
import { configMaps, widgets } from "./widget.ts";

/** What a controller is made of. */
export interface WidgetControllerOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Called at the start of each reconcile. */
  readonly onReconcile?: (() => void) | undefined;
}

/** Makes the caches and, over them, the working part. */
export function createWidgetController(options: WidgetControllerOptions) {
  const { clock } = options;
  const writes = trackOwnWrites(options.client, { clock });
  const { client } = writes;
  const reflected = createReflector({ ...options, type: widgets });
  const children = createReflector({
    ...options,
    type: configMaps,
    labelSelector: widgetLabel,
    indexes: { widget: (child) => widgetKeyOf(child).map(keyText) },
  });
  const stores = { widgets: reflected.store, children: children.store };
  return {
    stores,
    /** Keeps the caches warm until aborted; leader or not. */
    watch: async ({ signal }: { readonly signal: AbortSignal }): Promise<void> => {
      await Promise.all([reflected.run({ signal }), children.run({ signal })]);
    },
    /** Reconciles until aborted, as the leader of that term where there is an election. */
    work: (term: number | undefined, { signal }: { readonly signal: AbortSignal }): Promise<void> =>
      createController({
        ...options,
        name: "widgets",
        sources: [
          fromStore(stores.widgets, (widget) => [keyOf(widget)]),
          fromStore(stores.children, widgetKeyOf),
        ],
        synced: [stores.widgets, stores.children],
        reconcile: (key, call) => {
          options.onReconcile?.();
          return reconcileWidget({ client, writes, clock, term, ...stores }, key, call);
        },
      }).run({ signal }),
  };
}

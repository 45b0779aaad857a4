import { type KubeClient, type KubeObject, keyOf, keyText } from "@lmos/kube";
import { agentKind, channelKind, channelRoutingKind, deploymentKind, serviceKind } from "@lmos/resources";
import type { CommandContext } from "../context.ts";
import type { Laptop } from "../laptop/start-laptop.ts";
import { waitForChannels, waitForComponent } from "../laptop/wait.ts";
import { readAll } from "../read-all.ts";
import { firstAnswer } from "./check-start.ts";
import type { Checks } from "./checks.ts";

/** What is there: kind, name and uid of each object, as one text a piece. */
export type Inventory = readonly string[];

const timeoutMs = 60_000;

/** Lists the objects that must survive. */
export async function takeInventory(client: KubeClient, signal: AbortSignal): Promise<Inventory> {
  const lists = await Promise.all([
    readAll<KubeObject>(client, agentKind, { signal }),
    readAll<KubeObject>(client, channelKind, { signal }),
    readAll<KubeObject>(client, channelRoutingKind, { signal }),
    readAll<KubeObject>(client, deploymentKind, { signal }),
    readAll<KubeObject>(client, serviceKind, { signal }),
  ]);
  return lists.flatMap(({ items }) =>
    items.map((item) => `${item.kind} ${keyText(keyOf(item))} ${item.metadata.uid}`),
  );
}

/** Holds a cluster that was started again on the same folder against what was there before. */
export async function checkRestart(
  before: Inventory,
  { cluster: { client } }: Laptop,
  { checks, context }: { readonly checks: Checks; readonly context: CommandContext },
): Promise<void> {
  checks.section("restarting the whole cluster on the same folder");
  const wait = { clock: context.clock, signal: context.signal, timeoutMs };
  const after = new Set(await takeInventory(client, context.signal));
  const lost = before.filter((object) => !after.has(object));
  checks.record(
    `of ${before.length} objects ${lost.length === 0 ? "none" : lost.join(", ")} was lost`,
    lost.length === 0,
  );
  await checks.expect("channels are resolved and messages answered", async () => {
    await waitForChannels(client, wait);
    await firstAnswer(await waitForComponent(client, "lmos-runtime", wait), context);
  });
}

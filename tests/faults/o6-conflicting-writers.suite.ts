/**
 * O6: three writers at 50 changes a second each on one Widget and its part, while the controller works on them: the
 * spec, a label beside it, and a field of the part that is the controller's together with one that is nobody's.
 */
import { isMutating, mutationsOf } from "@lmos/testing";
import { expect, it } from "vitest";
import { servers } from "../kubernetes/server.ts";
import { directClient } from "./harness/access.ts";
import { type Edit, recordHistory, storm } from "./harness/edit-storm.ts";
import { eventually, patienceMs } from "./harness/eventually.ts";
import { report, seconds } from "./harness/figures.ts";
import { startReplica } from "./harness/replica.ts";
import { installWidgets, makeWorld, uniqueName, type WidgetsWorld } from "./harness/widgets-world.ts";
import { type ConfigMap, configMaps, type Widget, widgets } from "./widget-controller/widget.ts";

const { signal } = new AbortController();
const pace = { perSecond: 50, forMs: 10_000 };

// One server after the other: they share two cores, and the rate is to be kept.
it.each(servers)(
  "O6 on the $name API server: no edit of a user is lost, ours come back, conflicts are few and shown",
  async ({ name, start }) => {
    await using server = await start();
    await using client = directClient(server);
    await installWidgets(client);
    const world = await makeWorld(client, uniqueName("o6"));
    await world.write("w", { text: "0", parts: ["a"] });
    await using replica = await startReplica(server, world, "only");
    await world.converged();
    await using histories = await record(world);
    const storms = await Promise.all(
      [editSpec, editLabel, editPart].map((edit) => storm(pace, (value) => edit(world, value))),
    );
    const restoredMs = await eventually("the part is ours again", () => isRestored(world), patienceMs);
    await world.converged();
    const last = await editPart(world, "last"); // with nobody else about, so that the condition stands
    const shown = await becomesContended(world);
    const [texts = [], labels = [], notes = []] = storms.map(({ edits }) => edits);
    const lastNote = { resourceVersion: last.metadata.resourceVersion ?? "", value: "last" };
    const lost = await histories.lost({ texts, labels, notes: [...notes, lastNote] });
    const conflicts = mutationsOf(replica.proxy.history, isMutating).filter(({ status }) => status === 409);
    replica.program.signal("SIGTERM");
    const reconciles = Number((await replica.program.whenSaid("stopped"))["reconciles"]);
    const perReconcile = conflicts.length / reconciles;
    const rates = storms.map(({ perSecond }) => perSecond);
    const refused = storms.reduce((sum, each) => sum + each.refused, 0);
    const edits = texts.length + labels.length + notes.length + 1;
    report({
      row: "O6",
      server: name,
      fault: `3 writers at ${pace.perSecond}/s each for ${pace.forMs / 1000} s`,
      asked: "0 lost user edits, ours restored, < 5 conflicts a reconcile, conflict shown in a condition",
      seen: `${rates.map((rate) => rate.toFixed(0)).join(", ")} edits a second, ${refused} refused; ${lost.length} of ${edits} lost; ${conflicts.length} conflicts in ${reconciles} reconciles (${perReconcile.toFixed(2)} each); ours again ${seconds(restoredMs)} after the last edit; conflict shown: ${shown}`,
      reached: lost.length === 0 && perReconcile < 5 && shown && Math.min(...rates) >= pace.perSecond * 0.9,
    });
    expect(lost).toEqual([]);
    expect(perReconcile).toBeLessThan(5);
    expect(shown).toBe(true);
  },
);

interface Edits {
  readonly texts: readonly Edit[];
  readonly labels: readonly Edit[];
  readonly notes: readonly Edit[];
}

/** The histories of the Widget and of its part, and which edits are lost in them. */
async function record({ client, namespace }: WidgetsWorld) {
  await using starting = new AsyncDisposableStack();
  const ofWidget = starting.use(await recordHistory(client, widgets, { namespace, name: "w" }));
  const ofPart = starting.use(await recordHistory(client, configMaps, { namespace, name: "w-a" }));
  const owned = starting.move();
  return {
    lost: async ({ texts, labels, notes }: Edits): Promise<readonly string[]> => {
      for (const { resourceVersion } of [...texts, ...labels]) await ofWidget.until(resourceVersion);
      for (const { resourceVersion } of notes) await ofPart.until(resourceVersion);
      return [
        ...ofWidget.lost(texts, ({ spec }: Widget) => spec.text),
        ...ofWidget.lost(labels, ({ metadata }: Widget) => metadata.labels?.["turn"]),
        ...ofPart.lost(notes, ({ data }: ConfigMap) => data?.["note"]),
      ];
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function editSpec({ client, namespace }: WidgetsWorld, value: string): Promise<Widget> {
  const patch = { kind: "merge", body: { spec: { text: value } } } as const;
  return client.patch(widgets, { namespace, name: "w" }, patch, { fieldManager: "editor", signal });
}

function editLabel({ client, namespace }: WidgetsWorld, value: string): Promise<Widget> {
  const metadata = { name: "w", namespace, labels: { turn: value } };
  const labelled = { apiVersion: "faults.test/v1", kind: "Widget", metadata };
  return client.apply(widgets, labelled, { fieldManager: "labeller", signal });
}

/** Takes over what is the controller's, and adds something of its own. */
function editPart({ client, namespace }: WidgetsWorld, value: string): Promise<ConfigMap> {
  const metadata = { name: "w-a", namespace };
  const data = { text: `meddled ${value}`, note: value };
  const part = { apiVersion: "v1", kind: "ConfigMap", metadata, data };
  return client.apply(configMaps, part, { fieldManager: "meddler", force: true, signal });
}

/** Whether the Widget comes to say that others had taken over what was ours. */
async function becomesContended(world: WidgetsWorld): Promise<boolean> {
  const isContended = async (): Promise<boolean> => {
    const [widget] = await world.widgets();
    const condition = widget?.status?.conditions?.find(({ type }) => type === "Contended");
    return condition?.status === "True" && (await isRestored(world));
  };
  return eventually("the conflict is shown", isContended, patienceMs).then(
    () => true,
    () => false,
  );
}

async function isRestored(world: WidgetsWorld): Promise<boolean> {
  const [widget] = await world.widgets();
  const [part] = await world.children();
  return part?.data?.["text"] === widget?.spec.text;
}

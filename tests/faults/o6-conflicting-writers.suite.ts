/**
 * O6: three writers at 50 changes a second each on one Widget and its part, while the controller works on them: the
 * spec, a label beside it, and a field of the part that is the controller's together with one that is nobody's.
 */
import { isMutating, mutationsOf } from "@lmos/testing";
import { expect, it } from "vitest";
import { servers } from "../kubernetes/server.ts";
import { directClient } from "./harness/access.ts";
import { eventually, pause } from "./harness/eventually.ts";
import { report, seconds } from "./harness/figures.ts";
import { startReplica } from "./harness/replica.ts";
import { installWidgets, makeWorld, uniqueName, type WidgetsWorld } from "./harness/widgets-world.ts";
import { configMaps, widgets } from "./widget-controller/widget.ts";

const { signal } = new AbortController();
const forMs = 10_000;
const everyMs = 20;

it.concurrent.each(servers)(
  "O6 on the $name API server: no edit of a user is lost, ours come back, conflicts are few and shown",
  async ({ name, start }) => {
    await using server = await start();
    await using client = directClient(server);
    await installWidgets(client);
    const world = await makeWorld(client, uniqueName("o6"));
    await world.write("w", { text: "0", parts: ["a"] });
    await using replica = await startReplica(server, world, "only");
    await world.converged(30_000);
    const [texts, labels, meddled] = await Promise.all(
      [editSpec, editLabel, editPart].map((edit) => repeat((turn) => edit(world, turn))),
    );
    const restoredMs = await eventually("the part is ours again", () => isRestored(world), 45_000);
    await world.converged(45_000);
    const notes = (meddled ?? 0) + 1;
    await editPart(world, notes); // once more, with nobody else about, so that the condition stands
    const shown = await becomesContended(world);
    const lost = await lostEdits(world, { texts, labels, notes });
    const conflicts = mutationsOf(replica.proxy.history, isMutating).filter(({ status }) => status === 409);
    replica.program.signal("SIGTERM");
    const reconciles = Number((await replica.program.whenSaid("stopped"))["reconciles"]);
    const perReconcile = conflicts.length / reconciles;
    report({
      row: "O6",
      server: name,
      fault: `3 writers for ${forMs / 1000} s`,
      asked: "0 lost user edits, ours restored, < 5 conflicts a reconcile, conflict shown in a condition",
      seen: `${lost.length} of ${(texts ?? 0) + (labels ?? 0) + notes} edits lost; ${conflicts.length} conflicts in ${reconciles} reconciles (${perReconcile.toFixed(2)} each); ours again ${seconds(restoredMs)} after the last edit; conflict shown: ${shown}`,
      reached: lost.length === 0 && perReconcile < 5 && shown,
    });
    expect(lost).toEqual([]);
    expect(perReconcile).toBeLessThan(5);
    expect(shown).toBe(true);
  },
);

/** Tells how many edits there were. */
async function repeat(edit: (turn: number) => Promise<unknown>): Promise<number> {
  const endsAt = performance.now() + forMs;
  let turn = 0;
  while (performance.now() < endsAt) {
    turn += 1;
    await Promise.all([edit(turn), pause(everyMs)]);
  }
  return turn;
}

function editSpec({ client, namespace }: WidgetsWorld, turn: number): Promise<unknown> {
  const patch = { kind: "merge", body: { spec: { text: String(turn) } } } as const;
  return client.patch(widgets, { namespace, name: "w" }, patch, { fieldManager: "editor", signal });
}

function editLabel({ client, namespace }: WidgetsWorld, turn: number): Promise<unknown> {
  const metadata = { name: "w", namespace, labels: { turn: String(turn) } };
  const labelled = { apiVersion: "faults.test/v1", kind: "Widget", metadata };
  return client.apply(widgets, labelled, { fieldManager: "labeller", signal });
}

/** Takes over what is the controller's, and adds something of its own. */
function editPart({ client, namespace }: WidgetsWorld, turn: number): Promise<unknown> {
  const metadata = { name: "w-a", namespace };
  const data = { text: `meddled ${turn}`, note: String(turn) };
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
  return eventually("the conflict is shown", isContended, 45_000).then(
    () => true,
    () => false,
  );
}

async function isRestored(world: WidgetsWorld): Promise<boolean> {
  const [widget] = await world.widgets();
  const [part] = await world.children();
  return part?.data?.["text"] === widget?.spec.text;
}

interface Turns {
  readonly texts: number | undefined;
  readonly labels: number | undefined;
  readonly notes: number | undefined;
}

/** The last edit of each user has to be there. */
async function lostEdits(world: WidgetsWorld, { texts, labels, notes }: Turns): Promise<readonly string[]> {
  const [widget] = await world.widgets();
  const [part] = await world.children();
  const pairs = [
    ["spec.text", widget?.spec.text, texts],
    ["label", widget?.metadata.labels?.["turn"], labels],
    ["data.note", part?.data?.["note"], notes],
  ] as const;
  return pairs.filter(([, seen, written]) => seen !== String(written)).map(([what]) => what);
}

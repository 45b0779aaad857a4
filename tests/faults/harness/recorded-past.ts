/** A run whose every state was recorded: Widgets come, change, shrink, go and come again. */
import type { Widget } from "../widget-controller/widget.ts";
import { configMaps, widgets } from "../widget-controller/widget.ts";
import { clientFor, type ServerAccess, startFaultPath } from "./access.ts";
import { runController } from "./run-controller.ts";
import type { WidgetsWorld } from "./widgets-world.ts";

/** Both collections as they were at one point. */
export interface PastView {
  readonly label: string;
  readonly lists: readonly { readonly kind: string; readonly path: string; readonly list: Uint8Array }[];
}

/** One step of a user: a Widget as it is to be, or none. */
export interface Step {
  readonly label: string;
  readonly name: string;
  readonly spec: Widget["spec"] | undefined;
}

/** Steps in which creations, updates and deletions of Widgets and of their parts occur, some of the same names twice. */
export const steps: readonly Step[] = [
  { label: "v made", name: "v", spec: { text: "v", parts: ["a"] } },
  { label: "w made", name: "w", spec: { text: "one", parts: ["a", "b"] } },
  { label: "w edited", name: "w", spec: { text: "two", parts: ["a", "b"] } },
  { label: "w shrunk", name: "w", spec: { text: "two", parts: ["a"] } },
  { label: "w deleted", name: "w", spec: undefined },
  { label: "w made again", name: "w", spec: { text: "three", parts: ["a", "b"] } },
  { label: "w shrunk again", name: "w", spec: { text: "three", parts: ["a"] } },
  { label: "w grown", name: "w", spec: { text: "four", parts: ["a", "b", "c"] } },
];

/** Takes one step. */
export async function take(world: WidgetsWorld, { name, spec }: Step): Promise<void> {
  if (spec === undefined) await world.remove(name);
  else await world.write(name, spec);
}

/** Runs all steps with a controller of its own, which is stopped afterwards; the last state is not among the views. */
export async function recordPast(server: ServerAccess, world: WidgetsWorld): Promise<readonly PastView[]> {
  await using path = await startFaultPath(server);
  await using client = clientFor(path.connection);
  await using _controller = runController(client, world.namespace);
  const record = async (label: string): Promise<PastView> => {
    const lists = [widgets, configMaps].map(async (type) => {
      const collection = world.pathOf(type);
      return { kind: type.plural, path: collection, list: await path.http.record(collection) };
    });
    return { label, lists: await Promise.all(lists) };
  };
  const views = [await record("the start")];
  for (const step of steps) {
    await take(world, step);
    await world.converged();
    views.push(await record(step.label));
  }
  return views.slice(0, -1);
}

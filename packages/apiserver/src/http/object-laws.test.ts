/** Random writes by several clients, against a plain model of what is stored: versions, generations, pages, watches. */
import { isRecord, type JsonObject } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../testing/client.ts";
import { widgetDefinition } from "../testing/widgets.ts";

let api: TestServer;
let worlds = 0;
beforeAll(async () => {
  api = await startTestServer({ clock: new FakeClock() });
  const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  expect((await api.send("POST", definitions, { body: widgetDefinition })).status).toBe(201);
});
afterAll(async () => api[Symbol.asyncDispose]());

const names = ["a", "b", "c"] as const;
type Name = (typeof names)[number];

/** What one client does; `isStale`: with the version before the last one. */
type Step =
  | { readonly kind: "create" | "delete" | "dry-run"; readonly name: Name; readonly size: number }
  | { readonly kind: "replace"; readonly name: Name; readonly size: number; readonly isStale: boolean }
  | { readonly kind: "merge" | "label" | "status" | "apply"; readonly name: Name; readonly size: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("create", "delete", "dry-run", "merge", "label", "status", "apply"),
    name: fc.constantFrom(...names),
    size: fc.nat(3),
  }) as fc.Arbitrary<Step>,
  fc.record({
    kind: fc.constant("replace" as const),
    name: fc.constantFrom(...names),
    size: fc.nat(3),
    isStale: fc.boolean(),
  }),
);

/** An object as the model knows it. */
interface Known {
  readonly size: number;
  readonly label: string | undefined;
  readonly ready: boolean | undefined;
  readonly generation: number;
  readonly version: string;
  readonly uid: string;
  readonly before: string | undefined;
}

const jsonPatch = "application/json-patch+json";
const mergePatch = "application/merge-patch+json";
const applyPatch = "application/apply-patch+yaml";

function knownOf(object: JsonObject, before?: Known): Known {
  const metadata = isRecord(object["metadata"]) ? object["metadata"] : {};
  const spec = isRecord(object["spec"]) ? object["spec"] : {};
  const status = isRecord(object["status"]) ? object["status"] : {};
  const labels = isRecord(metadata["labels"]) ? metadata["labels"] : {};
  return {
    size: Number(spec["size"]),
    label: labels["size"] === undefined ? undefined : String(labels["size"]),
    ready: typeof status["ready"] === "boolean" ? status["ready"] : undefined,
    generation: Number(metadata["generation"]),
    version: String(metadata["resourceVersion"]),
    uid: String(metadata["uid"]),
    before: before?.version === metadata["resourceVersion"] ? before?.before : before?.version,
  };
}

const bodyOf = (name: string, size: number, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: "example.dev/v1",
  kind: "Widget",
  metadata: { name, ...metadata },
  spec: { size },
});

/** What the model says comes of a step: a status, and the object as far as it is foretold. */
interface Foretold {
  readonly status: number;
  readonly object?: Partial<Known> | "gone" | undefined;
}

function foretell(step: Step, known: Known | undefined): Foretold {
  const { kind, size } = step;
  const generation = (changes: boolean): number => (known?.generation ?? 0) + (changes ? 1 : 0);
  if (kind === "create")
    return known === undefined ? { status: 201, object: { size, generation: 1 } } : { status: 409 };
  if (kind === "dry-run") return { status: known === undefined ? 201 : 409 };
  if (kind === "apply" && known === undefined) return { status: 201, object: { size, generation: 1 } };
  if (known === undefined) return { status: 404 };
  switch (kind) {
    case "delete":
      return { status: 200, object: "gone" };
    case "replace":
      return step.isStale && known.before !== undefined
        ? { status: 409 }
        : {
            status: 200,
            object: {
              size,
              label: undefined,
              ready: known.ready,
              generation: generation(size !== known.size),
            },
          };
    case "merge":
    case "apply":
      return {
        status: 200,
        object: { size, generation: generation(size !== known.size), ready: known.ready },
      };
    case "label":
      return { status: 200, object: { size: known.size, label: String(size), generation: known.generation } };
    case "status":
      return { status: 200, object: { size: known.size, ready: size > 1, generation: known.generation } };
    default:
      return kind satisfies never;
  }
}

function requestOf(step: Step, known: Known | undefined, widgets: string) {
  const { kind, name, size } = step;
  const path = `${widgets}/${name}`;
  const metadata = {};
  switch (kind) {
    case "create":
      return api.send("POST", widgets, { body: bodyOf(name, size) });
    case "dry-run":
      return api.send("POST", `${widgets}?dryRun=All`, { body: bodyOf(name, size) });
    case "delete":
      return api.send("DELETE", path);
    case "replace": {
      const version = (step.isStale ? known?.before : undefined) ?? known?.version;
      return api.send("PUT", path, {
        body: bodyOf(name, size, version === undefined ? metadata : { resourceVersion: version }),
      });
    }
    case "merge":
      return api.send("PATCH", path, { body: { spec: { size } }, contentType: mergePatch });
    case "label":
      return api.send("PATCH", path, {
        body: { metadata: { labels: { size: String(size) } } },
        contentType: mergePatch,
      });
    case "status":
      return api.send("PATCH", `${path}/status`, {
        body: [
          { op: "add", path: "/status", value: { ready: size > 1 } },
          { op: "add", path: "/spec/size", value: 99 },
        ],
        contentType: jsonPatch,
      });
    case "apply":
      return api.send("PATCH", `${path}?fieldManager=laws&force=true`, {
        body: bodyOf(name, size),
        contentType: applyPatch,
      });
    default:
      return kind satisfies never;
  }
}

/** A namespace of its own, so that no run sees another one. */
async function newWorld(): Promise<string> {
  worlds += 1;
  const name = `laws-${worlds}`;
  expect((await api.send("POST", "/api/v1/namespaces", { body: { metadata: { name } } })).status).toBe(201);
  return `/apis/example.dev/v1/namespaces/${name}/widgets`;
}

async function play(steps: readonly Step[], widgets: string): Promise<ReadonlyMap<Name, Known>> {
  const model = new Map<Name, Known>();
  let last = 0;
  for (const each of steps) {
    const known = model.get(each.name);
    const foretold = foretell(each, known);
    const { status, object } = await requestOf(each, known, widgets);
    expect({ step: each, status }).toEqual({ step: each, status: foretold.status });
    if (foretold.object === "gone") model.delete(each.name);
    else if (foretold.object !== undefined) {
      const stored = knownOf(object, known);
      expect(stored).toMatchObject(foretold.object);
      const isSame = stored.version === known?.version;
      if (!isSame) expect(Number(stored.version)).toBeGreaterThan(last);
      if (known !== undefined) expect(stored.uid).toBe(known.uid);
      last = Number(stored.version);
      model.set(each.name, stored);
    }
  }
  return model;
}

const itemsOf = (list: JsonObject): readonly JsonObject[] =>
  (list["items"] as readonly JsonObject[] | undefined) ?? [];
const nameOf = (object: JsonObject): string => String((object["metadata"] as JsonObject)["name"]);
const versionOf = (object: JsonObject): string =>
  String((object["metadata"] as JsonObject)["resourceVersion"]);

/** The events of a watch, that of this object as the last. */
async function eventsUntil(end: JsonObject, path: string): Promise<readonly JsonObject[]> {
  const stop = new AbortController();
  const changes = api.watch(path, stop);
  const events: JsonObject[] = [];
  for (let next = await changes.next(); next.done !== true; next = await changes.next()) {
    events.push(next.value);
    if (versionOf(next.value["object"] as JsonObject) === versionOf(end)) break;
  }
  stop.abort();
  return events;
}

it("each write has the outcome that the model foretells, and the list shows what is left", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const widgets = await newWorld();
      const model = await play(steps, widgets);
      const items = itemsOf((await api.send("GET", widgets)).object);
      expect(items.map((item) => [nameOf(item), versionOf(item)])).toEqual(
        [...model].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, { version }]) => [name, version]),
      );
    }),
    { numRuns: 25 },
  );
});

it("pages of any size show one state together, whatever is written between them", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.array(step, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 3 }),
      async (before, between, limit) => {
        const widgets = await newWorld();
        await play(before, widgets);
        const whole = (await api.send("GET", widgets)).object;
        const seen: string[] = [];
        let token: string | undefined = "";
        while (token !== undefined) {
          const continuing: string = token === "" ? "" : `&continue=${encodeURIComponent(token)}`;
          const page: JsonObject = (await api.send("GET", `${widgets}?limit=${limit}${continuing}`)).object;
          expect(versionOf(page)).toBe(versionOf(whole));
          expect(itemsOf(page).length).toBeLessThanOrEqual(limit);
          seen.push(...itemsOf(page).map((item) => `${nameOf(item)} ${versionOf(item)}`));
          const rest: unknown = (page["metadata"] as JsonObject)["continue"];
          token = typeof rest === "string" && rest !== "" ? rest : undefined;
          for (const each of between) await requestOf(each, undefined, widgets);
        }
        expect(seen).toEqual(itemsOf(whole).map((item) => `${nameOf(item)} ${versionOf(item)}`));
      },
    ),
    { numRuns: 15 },
  );
});

it("who watches from a list on knows in the end what another list shows", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 8 }),
      fc.array(step, { maxLength: 15 }),
      async (before, after) => {
        const widgets = await newWorld();
        await play(before, widgets);
        const list = (await api.send("GET", widgets)).object;
        for (const each of after) await requestOf(each, undefined, widgets);
        const end = (await api.send("POST", widgets, { body: bodyOf("end", 1) })).object;
        const mirror = new Map(itemsOf(list).map((item) => [nameOf(item), versionOf(item)]));
        let last = 0;
        for (const { type, object } of await eventsUntil(
          end,
          `${widgets}?watch=1&resourceVersion=${versionOf(list)}`,
        )) {
          const changed = object as JsonObject;
          expect(Number(versionOf(changed))).toBeGreaterThan(last);
          last = Number(versionOf(changed));
          expect(type === "ADDED").toBe(type !== "DELETED" && !mirror.has(nameOf(changed)));
          if (type === "DELETED") mirror.delete(nameOf(changed));
          else mirror.set(nameOf(changed), versionOf(changed));
        }
        const items = itemsOf((await api.send("GET", widgets)).object);
        expect([...mirror].sort()).toEqual(items.map((item) => [nameOf(item), versionOf(item)]).sort());
      },
    ),
    { numRuns: 15 },
  );
});

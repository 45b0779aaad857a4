import { SeededRandom } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ObjectList, WatchEvent } from "./client.ts";
import { KubeError, type KubeErrorCode } from "./errors.ts";
import { keyOf, keyText } from "./object.ts";
import { type Widget, widget } from "./testing/widget.ts";
import {
  stateAfterFailure,
  stepWatcher,
  versionOf,
  type WatcherOutput,
  type WatcherPort,
  type WatcherState,
} from "./watcher.ts";

const { signal } = new AbortController();

function page(version: string, names: readonly string[], continueToken?: string): ObjectList<Widget> {
  const items = names.map((name) => widget(name, 1));
  return { items, invalid: [], resourceVersion: version, continueToken };
}

/** A port that answers lists with these pages and watches with these events. */
function portOf(pages: readonly ObjectList<Widget>[], events: readonly WatchEvent<Widget>[] = []) {
  const asked: string[] = [];
  const left = [...pages];
  const port: WatcherPort<Widget> = {
    list: async (continueToken) => {
      asked.push(`list ${continueToken ?? "from the start"}`);
      const next = left.shift();
      if (next === undefined) throw new Error("no page left");
      return next;
    },
    watch: async function* (resourceVersion) {
      asked.push(`watch ${resourceVersion}`);
      yield* events;
    },
  };
  return { port, asked };
}

const step = (state: WatcherState<Widget>, port: WatcherPort<Widget>) => stepWatcher(state, port, { signal });

describe("a step of the watcher", () => {
  it("from nothing lists, and is done with a list of one page", async () => {
    const { port, asked } = portOf([page("7", ["a", "b"])]);
    const { state, output } = await step({ kind: "empty" }, port);
    expect(asked).toEqual(["list from the start"]);
    expect(state).toEqual({ kind: "listed", resourceVersion: "7" });
    expect(output).toMatchObject({ kind: "listed", resourceVersion: "7" });
  });

  it("goes through the pages with their tokens, and gives all objects at once in the end", async () => {
    const { port, asked } = portOf([page("7", ["a"], "t1"), page("7", ["b"], "t2"), page("7", ["c"])]);
    const outputs: WatcherOutput<Widget>[] = [];
    let state: WatcherState<Widget> = { kind: "empty" };
    for (let steps = 0; steps < 3; steps++) {
      const next = await step(state, port);
      state = next.state;
      outputs.push(next.output);
    }
    expect(asked).toEqual(["list from the start", "list t1", "list t2"]);
    expect(outputs.map(({ kind }) => kind)).toEqual(["page", "page", "listed"]);
    const [, , listed] = outputs;
    if (listed?.kind !== "listed") throw new Error("it has not listed");
    expect(listed.items.map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c"]);
  });

  it("after a list watches from its version, and follows the versions of the events", async () => {
    const events: WatchEvent<Widget>[] = [
      { kind: "added", object: widget("a", 8) },
      { kind: "bookmark", resourceVersion: "12" },
    ];
    const { port, asked } = portOf([], events);
    const versions: string[] = [];
    const kinds: string[] = [];
    let state: WatcherState<Widget> = { kind: "listed", resourceVersion: "7" };
    for (let steps = 0; steps < 4; steps++) {
      const next = await step(state, port);
      state = next.state;
      kinds.push(next.output.kind);
      if ("resourceVersion" in state) versions.push(state.resourceVersion);
    }
    expect(asked).toEqual(["watch 7"]);
    expect(kinds).toEqual(["opened", "event", "event", "ended"]);
    expect(versions).toEqual(["7", "8", "12", "12"]);
    expect(state).toEqual({ kind: "listed", resourceVersion: "12" });
  });

  it("keeps the version where an event tells none", async () => {
    const invalid = { key: undefined, resourceVersion: undefined, reason: "no name" };
    const { port } = portOf([], [{ kind: "invalid", invalid }]);
    const opened = await step({ kind: "listed", resourceVersion: "7" }, port);
    const { state } = await step(opened.state, port);
    expect(state).toMatchObject({ kind: "watching", resourceVersion: "7" });
  });
});

describe("where to go on after a failure", () => {
  const states: readonly WatcherState<Widget>[] = [
    { kind: "empty" },
    { kind: "listing", pages: [page("7", ["a"], "t")], continueToken: "t" },
    { kind: "listed", resourceVersion: "7" },
    {
      kind: "watching",
      resourceVersion: "9",
      events: portOf([]).port.watch("9", { signal })[Symbol.asyncIterator](),
    },
  ];
  const fresh: readonly KubeErrorCode[] = ["Expired", "ProtocolError", "ResponseTooLarge"];
  const others: readonly KubeErrorCode[] = [
    ...(["Unreachable", "Timeout", "Unavailable", "ServerError", "TooManyRequests"] as const),
    ...(["Forbidden", "Unauthorized", "NotFound", "BadRequest"] as const),
  ];

  it.each(fresh)("%s: with a new list, wherever it was", (code) => {
    for (const state of states) {
      expect(stateAfterFailure(state, new KubeError(code, "because"))).toEqual({ kind: "empty" });
    }
  });

  it.each([...others, "something else"] as const)("%s: from the last version, or with a new list", (code) => {
    const error = code === "something else" ? new Error("because") : new KubeError(code, "because");
    expect(states.map((state) => stateAfterFailure(state, error))).toEqual([
      { kind: "empty" },
      { kind: "empty" }, // half a list is none
      { kind: "listed", resourceVersion: "7" },
      { kind: "listed", resourceVersion: "9" },
    ]);
  });
});

it.each<{ readonly event: WatchEvent<Widget>; readonly version: string | undefined }>([
  { event: { kind: "added", object: widget("a", 5) }, version: "5" },
  { event: { kind: "modified", object: widget("a", 6) }, version: "6" },
  { event: { kind: "deleted", object: widget("a", 7) }, version: "7" },
  { event: { kind: "bookmark", resourceVersion: "8" }, version: "8" },
  {
    event: { kind: "invalid", invalid: { key: undefined, resourceVersion: "9", reason: "" } },
    version: "9",
  },
])("after the event $event.kind the version is $version", ({ event, version }) => {
  expect(versionOf(event)).toBe(version);
});

/** A server whose objects change, that forgets what was, and whose answers break off, all of it by chance. */
class UnreliableServer implements WatcherPort<Widget> {
  readonly objects = new Map<string, Widget>();
  readonly #history: { readonly version: number; readonly event: WatchEvent<Widget> }[] = [];
  readonly #random: SeededRandom;
  #version = 1;
  #compactedAt = 0;
  reliable = false;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  /** Something happens on the server. */
  change(): void {
    const name = `w${Math.floor(this.#random.next() * 5)}`;
    this.#version += 1;
    const before = this.objects.get(name);
    const fresh = widget(name, this.#version, { uid: before?.metadata.uid ?? `uid-${this.#version}` });
    if (before !== undefined && this.#random.next() < 0.4) {
      this.objects.delete(name);
      this.#record({ kind: "deleted", object: fresh });
    } else {
      this.objects.set(name, fresh);
      this.#record({ kind: before === undefined ? "added" : "modified", object: fresh });
    }
    if (!this.reliable && this.#random.next() < 0.1) this.#compactedAt = this.#version - 1;
  }

  async list(continueToken: string | undefined): Promise<ObjectList<Widget>> {
    this.#maybeFail(0.2);
    const from = continueToken === undefined ? 0 : Number(continueToken.split(" ")[0]);
    // Pages of one list show one moment: what changes between them is told by the watch.
    const snapshot = continueToken === undefined ? [...this.objects.values()] : this.#snapshot;
    const version = continueToken?.split(" ")[1] ?? String(this.#version);
    this.#snapshot = snapshot;
    if (Number(version) < this.#compactedAt) throw new KubeError("Expired", "the token");
    if (!this.reliable) this.change();
    const items = snapshot.slice(from, from + 2);
    const token = from + 2 < snapshot.length ? `${from + 2} ${version}` : undefined;
    return { items, invalid: [], resourceVersion: version, continueToken: token };
  }

  async *watch(resourceVersion: string): AsyncGenerator<WatchEvent<Widget>> {
    this.#maybeFail(0.2);
    let seen = Number(resourceVersion);
    if (seen < this.#compactedAt) throw new KubeError("Expired", "too old");
    for (;;) {
      const next = this.#history.find(({ version }) => version > seen);
      if (next === undefined && this.reliable) return;
      if (!this.reliable && this.#random.next() < 0.2) return; // ends in order
      this.#maybeFail(0.15);
      if (next === undefined) {
        this.change();
        if (this.#random.next() < 0.3) yield { kind: "bookmark", resourceVersion: String(seen) };
        continue;
      }
      seen = next.version;
      yield next.event;
    }
  }

  #snapshot: readonly Widget[] = [];

  #record(event: WatchEvent<Widget>): void {
    this.#history.push({ version: this.#version, event });
  }

  #maybeFail(share: number): void {
    if (this.reliable || this.#random.next() >= share) return;
    throw new KubeError(this.#random.next() < 0.3 ? "Expired" : "Unreachable", "injected");
  }
}

/** What a reflector does with the outputs. */
function mirror(objects: Map<string, Widget>, output: WatcherOutput<Widget>): void {
  if (output.kind === "listed") {
    objects.clear();
    for (const item of output.items) objects.set(keyText(keyOf(item)), item);
  }
  if (output.kind !== "event") return;
  const { event } = output;
  if (event.kind === "added" || event.kind === "modified") {
    objects.set(keyText(keyOf(event.object)), event.object);
  }
  if (event.kind === "deleted") objects.delete(keyText(keyOf(event.object)));
}

async function stepOrFail(
  state: WatcherState<Widget>,
  port: WatcherPort<Widget>,
  objects: Map<string, Widget>,
): Promise<WatcherState<Widget>> {
  try {
    const next = await step(state, port);
    mirror(objects, next.output);
    return next.state;
  } catch (error) {
    return stateAfterFailure(state, error);
  }
}

describe("a watcher on a server where all goes wrong", () => {
  it("ends with what the server has, whatever broke off and whatever was forgotten", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 1, max: 120 }),
        async (seed, steps) => {
          const server = new UnreliableServer(seed);
          const objects = new Map<string, Widget>();
          let state: WatcherState<Widget> = { kind: "empty" };
          for (let taken = 0; taken < steps; taken++) {
            server.change();
            state = await stepOrFail(state, server, objects);
          }
          server.reliable = true;
          let ended = 0;
          for (let taken = 0; taken < 2_000 && ended < 2; taken++) {
            const before: string = state.kind;
            state = await stepOrFail(state, server, objects);
            if (before === "watching" && state.kind === "listed") ended += 1;
          }
          expect(versionsIn(objects.values())).toEqual(versionsIn(server.objects.values()));
        },
      ),
      { numRuns: 150 },
    ));
});

function versionsIn(objects: Iterable<Widget>): readonly string[] {
  return [...objects].map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).sort();
}

import { silentLogger } from "@lmos/primitives";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ListOptions, WatchEvent } from "./client.ts";
import { KubeError } from "./errors.ts";
import type { KubeObject } from "./object.ts";
import { askAgainMs, createOptionalReflector } from "./optional-reflector.ts";
import type { Reflector } from "./reflector.ts";
import type { ResourceType } from "./resource-type.ts";
import { type Widget, widget, widgets } from "./testing/widget.ts";

/** A server that has the kind, or not, or does not let us list it. */
class FakeServer {
  state: "served" | "absent" | "forbidden" | "down" = "absent";
  objects: readonly Widget[] = [];
  readonly calls: string[] = [];
  #emit: ((event: WatchEvent<KubeObject>) => void) | undefined;

  async discover(apiVersion: string): Promise<readonly ResourceType[]> {
    this.calls.push(`discover ${apiVersion}`);
    if (this.state === "down") throw new KubeError("Unavailable", "no answer");
    return this.state === "absent" ? [] : [widgets];
  }

  async list<T extends KubeObject>(type: ResourceType<T>, { limit }: ListOptions) {
    this.calls.push(`list ${limit}`);
    if (this.state === "forbidden") throw new KubeError("Forbidden", "may not list");
    if (this.state !== "served") throw new KubeError("NotFound", "no such kind");
    const items = this.objects.map(type.parse);
    return { items, invalid: [], resourceVersion: "1", continueToken: undefined };
  }

  async *watch<T extends KubeObject>(
    type: ResourceType<T>,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncIterable<WatchEvent<T>> {
    while (!signal.aborted) {
      const event = await new Promise<WatchEvent<KubeObject> | undefined>((resolve) => {
        this.#emit = resolve;
        signal.addEventListener("abort", () => resolve(undefined), { once: true });
      });
      if (event === undefined) return;
      if (event.kind === "added" || event.kind === "modified" || event.kind === "deleted") {
        yield { kind: event.kind, object: type.parse(event.object) };
      }
    }
  }

  tell(kind: "added" | "deleted", object: Widget): void {
    this.#emit?.({ kind, object });
  }
}

let server: FakeServer;
let clock: FakeClock;
let reflector: Reflector<Widget>;
let stopping: AbortController;
let running: Promise<void>;

beforeEach(() => {
  server = new FakeServer();
  clock = new FakeClock();
  stopping = new AbortController();
  reflector = reflectorOf({});
});

function reflectorOf(more: { readonly mustBeListed?: boolean }): Reflector<Widget> {
  const random = new SeededRandom(1);
  return createOptionalReflector({
    client: server,
    type: widgets,
    clock,
    random,
    logger: silentLogger,
    ...more,
  });
}

afterEach(async () => {
  stopping.abort();
  await running;
});

async function start(state: FakeServer["state"]): Promise<void> {
  server.state = state;
  running = reflector.run({ signal: stopping.signal });
  await clock.advance(0);
}

const names = (): readonly string[] => reflector.store.list().map(({ metadata }) => metadata.name);

it("is empty and synced where the kind is not served, and lists nothing", async () => {
  await start("absent");
  expect(reflector.store.synced).toBe(true);
  await clock.advance(10 * askAgainMs);
  expect(server.calls).toEqual(Array.from({ length: 11 }, () => "discover things.test/v1"));
});

it("follows the kind once it appears", async () => {
  await start("absent");
  server.state = "served";
  server.objects = [widget("billing", 1)];
  await clock.advance(askAgainMs);
  expect(names()).toEqual(["billing"]);
  server.tell("added", widget("news", 1));
  await clock.advance(0);
  expect(names()).toEqual(["billing", "news"]);
  server.tell("deleted", widget("billing", 1));
  await clock.advance(0);
  expect(names()).toEqual(["news"]);
});

it("tells its listeners that everything is gone when the kind vanishes, and follows it when it is back", async () => {
  server.objects = [widget("billing", 1)];
  await start("served");
  expect(names()).toEqual(["billing"]);
  const gone: (string | undefined)[] = [];
  reflector.store.subscribe(({ before, after }) => {
    if (after === undefined) gone.push(before?.metadata.name);
  });
  server.state = "absent";
  await clock.advance(askAgainMs);
  expect(names()).toEqual([]);
  expect(gone).toEqual(["billing"]);
  server.state = "served";
  await clock.advance(askAgainMs);
  expect(names()).toEqual(["billing"]);
});

it("holds nothing up where the kind may not be listed, and follows it once it may be", async () => {
  await start("forbidden");
  expect(reflector.store.synced).toBe(true);
  server.state = "served";
  server.objects = [widget("billing", 1)];
  await clock.advance(askAgainMs);
  expect(names()).toEqual(["billing"]);
});

it("holds everything up where what may not be listed must be known", async () => {
  reflector = reflectorOf({ mustBeListed: true });
  await start("forbidden");
  expect(reflector.store.synced).toBe(false);
  server.state = "served";
  await clock.advance(askAgainMs);
  expect(reflector.store.synced).toBe(true);
});

it("is not synced before the server has said whether the kind is served", async () => {
  await start("down");
  expect(reflector.store.synced).toBe(false);
  server.state = "absent";
  await clock.advance(1000);
  expect(reflector.store.synced).toBe(true);
});

it("keeps what it has while the server does not answer", async () => {
  server.objects = [widget("billing", 1)];
  await start("served");
  server.state = "down";
  await clock.advance(askAgainMs);
  expect(names()).toEqual(["billing"]);
});

it("asks whether the kind is still served without listing it again", async () => {
  await start("served");
  const lists = (): number => server.calls.filter((call) => call.startsWith("list")).length;
  const before = lists();
  await clock.advance(5 * askAgainMs);
  expect(lists()).toBe(before);
});

it("is never called silent where the kind is not served, and is as silent as its watch where it is", async () => {
  await start("absent");
  await clock.advance(2 * askAgainMs);
  expect(reflector.silentMs()).toBe(0);
  server.state = "served";
  await clock.advance(askAgainMs);
  expect(reflector.silentMs()).toBe(0);
  await clock.advance(5000);
  expect(reflector.silentMs()).toBe(5000);
});

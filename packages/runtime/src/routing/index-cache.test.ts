import { loadStaticModel } from "@lmos/embeddings";
import { buildRouterIndex, type RoutableAgent, type RouterIndex } from "@lmos/router";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IndexCache, type IndexedAgents } from "./index-cache.ts";

const { signal } = new AbortController();
const empty = await buildRouterIndex([], { embedding: await loadStaticModel({ signal }), signal });

function indexed(key: string, examples = 1): IndexedAgents {
  const agent: RoutableAgent = { name: key, description: "", capabilities: [] };
  return { key, examples, agents: () => [agent] };
}

/** Builds at once, and remembers for whom. */
function cacheOf(maxExamples: number): { readonly cache: IndexCache<RouterIndex>; readonly built: string[] } {
  const built: string[] = [];
  const cache = new IndexCache({
    maxExamples,
    build: async (agents) => {
      built.push(agents[0]?.name ?? "");
      return { ...empty, agents };
    },
  });
  return { cache, built };
}

/** Builds when it is told to. */
function heldCache() {
  const builds: (PromiseWithResolvers<RouterIndex> & { readonly signal: AbortSignal })[] = [];
  const cache = new IndexCache({
    maxExamples: 10,
    build: (_agents, options) => {
      const build = { ...Promise.withResolvers<RouterIndex>(), signal: options.signal };
      builds.push(build);
      return build.promise;
    },
  });
  return { cache, builds };
}

/** Lets everything that needs no time happen. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

describe("an index cache", () => {
  test("builds an index once, however many ask for it", async () => {
    const { cache, built } = cacheOf(10);
    const asked = await Promise.all([1, 2, 3].map(() => cache.get(indexed("a"), { signal })));
    expect(new Set(asked).size).toBe(1);
    expect(await cache.get(indexed("a"), { signal })).toBe(asked[0]);
    expect(built).toEqual(["a"]);
  });

  test("gives up what was used longest ago", async () => {
    const { cache } = cacheOf(3);
    for (const key of ["a", "b", "c"]) await cache.get(indexed(key), { signal });
    cache.use("a");
    cache.peek("b");
    await cache.get(indexed("d"), { signal });
    expect(["a", "b", "c", "d"].filter((key) => cache.peek(key) !== undefined)).toEqual(["a", "c", "d"]);
  });

  test("keeps one that is larger than all room, alone", async () => {
    const { cache } = cacheOf(3);
    await cache.get(indexed("a"), { signal });
    await cache.get(indexed("large", 100), { signal });
    expect(cache.peek("a")).toBeUndefined();
    expect(cache.use("large")).toBeDefined();
    await cache.get(indexed("a"), { signal });
    expect(cache.peek("large")).toBeUndefined();
    expect(cache.examples).toBe(1);
  });

  test("never keeps more examples than it may, but for one index", async () => {
    const asked = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), fc.nat({ max: 6 })));
    await fc.assert(
      fc.asyncProperty(asked, async (all) => {
        const { cache } = cacheOf(8);
        const sizes = new Map<string, number>();
        for (const [key, size] of all) {
          const examples = sizes.get(key) ?? size;
          sizes.set(key, examples);
          const index = await cache.get(indexed(key, examples), { signal });
          expect(index.agents[0]?.name).toBe(key);
          const kept = [...sizes].filter(([each]) => cache.peek(each) !== undefined);
          expect(cache.examples).toBe(kept.reduce((sum, [, count]) => sum + count, 0));
          expect(cache.examples <= 8 || kept.length === 1).toBe(true);
          expect(cache.peek(key)).toBe(index);
        }
      }),
    );
  });

  test("counts what is being built", async () => {
    const { cache, builds } = heldCache();
    const asked = cache.get(indexed("a", 4), { signal });
    expect(cache.examples).toBe(4);
    builds[0]?.resolve(empty);
    await asked;
    expect(cache.examples).toBe(4);
  });

  test("tells all who wait that a build has failed, and tries again", async () => {
    const { cache, builds } = heldCache();
    const asked = [cache.get(indexed("a"), { signal }), cache.get(indexed("a"), { signal })];
    const failures = Promise.allSettled(asked);
    builds[0]?.reject(new Error("no memory"));
    expect(await failures).toMatchObject([{ status: "rejected" }, { status: "rejected" }]);
    const again = cache.get(indexed("a"), { signal });
    builds[1]?.resolve(empty);
    expect(await again).toBe(empty);
  });

  test("goes on building while one still waits, and stops when the last one has left", async () => {
    const { cache, builds } = heldCache();
    const leaving = [new AbortController(), new AbortController()];
    const asked = leaving.map((one) => cache.get(indexed("a"), one).catch((error: unknown) => error));
    leaving[0]?.abort("left");
    expect(await asked[0]).toBe("left");
    expect(builds[0]?.signal.aborted).toBe(false);
    leaving[1]?.abort("left");
    expect(await asked[1]).toBe("left");
    expect(builds[0]?.signal.aborted).toBe(true);
    const again = cache.get(indexed("a"), { signal });
    builds[1]?.resolve(empty);
    builds[0]?.reject(new Error("given up"));
    expect(await again).toBe(empty);
  });

  test("builds two at a time, in the order in which they were asked for", async () => {
    const { cache, builds } = heldCache();
    const asked = ["a", "b", "c", "d"].map((key) => cache.get(indexed(key), { signal }));
    await settle();
    expect(builds).toHaveLength(2);
    builds[1]?.resolve(empty);
    await settle();
    expect(builds).toHaveLength(3);
    for (let i = 0; i < 4; i++) {
      builds[i]?.resolve(empty);
      await settle();
    }
    expect(await Promise.all(asked)).toHaveLength(4);
  });

  test("does not begin what nobody waits for any more when its turn comes", async () => {
    const { cache, builds } = heldCache();
    const asked = ["a", "b"].map((key) => cache.get(indexed(key), { signal }));
    const leaving = new AbortController();
    const left = cache.get(indexed("c"), leaving).catch((error: unknown) => error);
    leaving.abort("left");
    await left;
    for (const build of builds) build.resolve(empty);
    await Promise.all(asked);
    await settle();
    expect(builds).toHaveLength(2);
    expect(cache.examples).toBe(2);
  });
});

describe("the indexes that are kept", () => {
  test("are told with the one used last first, those that are being built not yet", async () => {
    const { cache } = cacheOf(10);
    for (const key of ["a", "b", "c"]) await cache.get(indexed(key), { signal });
    cache.use("a");
    cache.peek("b");
    const building = cache.get(indexed("d"), { signal });
    expect(cache.latest().map(({ key }) => key)).toEqual(["a", "c", "b"]);
    await building;
    expect(cache.latest().map(({ key }) => key)).toEqual(["d", "a", "c", "b"]);
  });

  test("can be built again from what is told of them", async () => {
    const { cache, built } = cacheOf(10);
    await cache.get(indexed("a", 3), { signal });
    const [told] = cache.latest();
    expect([told?.examples, told?.agents().map(({ name }) => name), built]).toEqual([3, ["a"], ["a"]]);
  });

  test("are told no more when they have made way", async () => {
    const { cache } = cacheOf(2);
    for (const key of ["a", "b", "c"]) await cache.get(indexed(key), { signal });
    expect(cache.latest().map(({ key }) => key)).toEqual(["c", "b"]);
  });
});

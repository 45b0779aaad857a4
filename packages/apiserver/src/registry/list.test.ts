import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtinKinds } from "@lmos/resource-definitions";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ObjectStore } from "../storage/object-store.ts";
import { listPage } from "./list.ts";
import { parseSelection } from "./selection.ts";

const definition = builtinKinds.find(({ kind }) => kind === "ConfigMap") ?? fail();

function fail(): never {
  throw new Error("ConfigMaps are no built-in kind");
}

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lmos-list-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function put(store: ObjectStore, key: string, label = "a"): void {
  const [namespace = "", name = ""] = key.split("/");
  store.put({ resource: "configmaps", namespace, name }, { metadata: { name, labels: { label } } });
}

const select = (query: Readonly<Record<string, string>>, namespace?: string) => {
  const parameters = new URLSearchParams(query);
  return { parameters, selection: parseSelection(definition, namespace, parameters) };
};

async function page(store: ObjectStore, query: Readonly<Record<string, string>>, namespace?: string) {
  const { parameters, selection } = select(query, namespace);
  const { items, ...rest } = await listPage(store, selection, parameters);
  return { ...rest, keys: items.map((item) => `${item.namespace}/${item.name}`) };
}

/** All pages, with something done between one and the next. */
async function pages(store: ObjectStore, limit: number, between: () => void, label?: string) {
  const query = { limit: String(limit), ...(label === undefined ? {} : { labelSelector: `label=${label}` }) };
  const keys: string[] = [];
  const revisions = new Set<number>();
  let token: string | undefined;
  do {
    const found = await page(store, token === undefined ? query : { ...query, continue: token });
    keys.push(...found.keys);
    revisions.add(found.revision);
    token = found.continueToken;
    between();
  } while (token !== undefined);
  return { keys, revisions };
}

const keys = fc
  .tuple(fc.constantFrom("n", "m"), fc.constantFrom("a", "b", "c", "d", "e"))
  .map((parts) => parts.join("/"));

describe("pages", () => {
  test("put together are the list as it was when the first one was read, whatever is written meanwhile", async () => {
    const writes = fc.array(fc.tuple(keys, fc.constantFrom("a", "b")), { minLength: 1, maxLength: 12 });
    const selected = fc.option(fc.constantFrom("a", "b"), { nil: undefined });
    const check = async (
      before: readonly [string, string][],
      during: readonly [string, string][],
      limit: number,
      label: string | undefined,
    ): Promise<void> => {
      rmSync(directory, { recursive: true, force: true });
      using store = new ObjectStore(directory);
      for (const [key, value] of before) put(store, key, value);
      const whole = await page(store, label === undefined ? {} : { labelSelector: `label=${label}` });
      const rest = [...during];
      const between = (): void => {
        const [key, value] = rest.shift() ?? [];
        if (key !== undefined) put(store, key, value);
      };
      const paged = await pages(store, limit, between, label);
      expect(paged.keys).toEqual(whole.keys);
      expect([...paged.revisions]).toEqual([whole.revision]);
    };
    await fc.assert(fc.asyncProperty(writes, writes, fc.integer({ min: 1, max: 4 }), selected, check), {
      numRuns: 40,
    });
  });

  test("tell how many objects follow, unless something is selected", async () => {
    using store = new ObjectStore(directory);
    for (const name of ["a", "b", "c"]) put(store, `n/${name}`);
    expect(await page(store, { limit: "2" })).toMatchObject({ remaining: 1, keys: ["n/a", "n/b"] });
    expect(await page(store, { limit: "3" })).toMatchObject({
      remaining: undefined,
      continueToken: undefined,
    });
    expect(await page(store, { limit: "2", labelSelector: "label" })).toMatchObject({ remaining: undefined });
  });

  test("of one namespace leave out the others", async () => {
    using store = new ObjectStore(directory);
    for (const key of ["m/a", "n/a", "n/b", "o/a"]) put(store, key);
    expect((await page(store, {}, "n")).keys).toEqual(["n/a", "n/b"]);
    expect((await page(store, { fieldSelector: "metadata.namespace=o" })).keys).toEqual(["o/a"]);
  });

  test("more than are read at once come whole", async () => {
    using store = new ObjectStore(directory);
    const names = Array.from({ length: 1100 }, (_, index) => `n/${String(index).padStart(4, "0")}`);
    for (const key of names) put(store, key);
    expect((await page(store, {})).keys).toEqual(names);
    expect((await pages(store, 501, () => undefined)).keys).toEqual(names);
  });
});

describe("a version", () => {
  test.each([
    {
      name: "the past, where it is asked for exactly",
      query: { resourceVersion: "1", resourceVersionMatch: "Exact" },
      count: 1,
    },
    {
      name: "now, where it may be newer",
      query: { resourceVersion: "1", resourceVersionMatch: "NotOlderThan" },
      count: 3,
    },
    { name: "now, where any will do", query: { resourceVersion: "0" }, count: 3 },
    { name: "now, where nothing is said", query: {}, count: 3 },
  ])("shows $name", async ({ query, count }) => {
    using store = new ObjectStore(directory);
    for (const name of ["a", "b", "c"]) put(store, `n/${name}`);
    expect((await page(store, query)).keys.length).toBe(count);
  });

  test.each([
    { name: "of the future", query: { resourceVersion: "9" }, reason: "Timeout" },
    { name: "that is no number", query: { resourceVersion: "x" }, reason: "BadRequest" },
    {
      name: "that is compacted",
      query: { resourceVersion: "1", resourceVersionMatch: "Exact" },
      reason: "Expired",
    },
    {
      name: "beside a token",
      query: { resourceVersion: "3", continue: "WzMsIm4iLCJhIl0" },
      reason: "BadRequest",
    },
    { name: "matched without being given", query: { resourceVersionMatch: "Exact" }, reason: "Invalid" },
    { name: "0, exactly", query: { resourceVersion: "0", resourceVersionMatch: "Exact" }, reason: "Invalid" },
    {
      name: "matched in an unknown way",
      query: { resourceVersion: "1", resourceVersionMatch: "Near" },
      reason: "Invalid",
    },
  ])("$name is refused", async ({ query, reason }) => {
    using store = new ObjectStore(directory);
    for (const name of ["a", "b", "c"]) put(store, `n/${name}`);
    store.compact(2);
    await expect(page(store, query)).rejects.toMatchObject({ reason });
  });

  test.each(["nonsense", "WzFd", "e30"])("the token %j is refused", async (token) => {
    using store = new ObjectStore(directory);
    await expect(page(store, { continue: token })).rejects.toMatchObject({ reason: "BadRequest" });
  });
});

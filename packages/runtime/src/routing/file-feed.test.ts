import { mkdir, mkdtemp, rename, rm, rmdir, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Logger, silentLogger } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isRuntimeError } from "../errors.ts";
import { routingOf } from "../testing/routings.ts";
import type { RoutingFeed } from "./feed.ts";
import { createFileFeed } from "./file-feed.ts";

let folder: string;
let path: string;
let clock: FakeClock;
let feed: RoutingFeed;
let stop: AbortController;
let running: Promise<void> | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lmos-routings-"));
  path = join(folder, "routings.yaml");
  clock = new FakeClock();
  stop = new AbortController();
  running = undefined;
  feed = createFileFeed({ path, clock, logger: silentLogger });
});
afterEach(async () => {
  stop.abort();
  await running;
  await rm(folder, { recursive: true });
});

const write = (...channels: readonly string[]): Promise<void> => {
  const channelRoutings = channels.map((channel) => routingOf([{ name: "a", host: "h" }], { channel }));
  return writeFile(path, JSON.stringify({ channelRoutings }));
};
const served = (): readonly (string | undefined)[] =>
  feed.routings.list().map(({ metadata }) => metadata.labels?.["channel"]);

async function start(...channels: readonly string[]): Promise<void> {
  await write(...channels);
  await feed.open();
  running = feed.run({ signal: stop.signal });
}

/** The file is read on real disk, whatever the clock says. */
async function look(until: () => boolean): Promise<void> {
  await expect
    .poll(async () => {
      await clock.advance(1000);
      return until();
    })
    .toBe(true);
}

test("serves what the file holds, and follows it", async () => {
  await start("web");
  expect(served()).toEqual(["web"]);
  await write("web", "ivr");
  await look(() => served().length === 2);
  expect(feed.refused).toBe(0);
});

test("a change within the same tick, of the same length, is followed all the same", async () => {
  const aTime = new Date(1_000_000);
  const writeAtThatTime = async (channel: string): Promise<void> => {
    await write(channel);
    await utimes(path, aTime, aTime);
  };
  await writeAtThatTime("web");
  await feed.open();
  running = feed.run({ signal: stop.signal });
  await writeAtThatTime("ivr"); // after the look of the start, before the next one
  await look(() => served()[0] === "ivr");
});

test("a change that could not be read at first is followed once it can be", async () => {
  await start("web");
  await write("ivr");
  await rename(path, `${path}.aside`);
  await mkdir(path); // there is something, and reading it fails
  await look(() => feed.refused > 0);
  await rmdir(path);
  await rename(`${path}.aside`, path);
  await look(() => served()[0] === "ivr");
});

test("is as young as its last look again when the file is back as it was", async () => {
  await start("web");
  await rename(path, `${path}.aside`);
  await look(() => feed.refused > 2);
  expect(feed.ageMs()).toBeGreaterThan(2000);
  await rename(`${path}.aside`, path);
  await look(() => feed.ageMs() < 1000);
  expect(served()).toEqual(["web"]);
});

test("may start with no routings", async () => {
  await start();
  expect(served()).toEqual([]);
});

describe("the routings of before go on serving when the file", () => {
  test.each([
    { name: "is emptied", text: "" },
    { name: "holds no routings any more", text: "channelRoutings: []" },
    { name: "is half written", text: "channelRoutings: [{" },
  ])("$name", async ({ text }) => {
    await start("web");
    await writeFile(path, text);
    await look(() => feed.refused > 0);
    expect(served()).toEqual(["web"]);
    await write("ivr");
    await look(() => served()[0] === "ivr");
  });

  test("is gone, and grows older", async () => {
    await start("web");
    await rm(path);
    await look(() => feed.refused > 2);
    expect(served()).toEqual(["web"]);
    expect(feed.ageMs()).toBeGreaterThan(2000);
  });
});

describe("a start fails with a text that says why, when the file", () => {
  test.each([
    { name: "is missing", text: undefined, says: "cannot be read" },
    { name: "is empty", text: "", says: "is empty" },
    { name: "is malformed", text: "- a\nb", says: "no YAML" },
  ])("$name", async ({ text, says }) => {
    if (text !== undefined) await writeFile(path, text);
    const failure = await feed.open().catch((error: unknown) => error);
    expect(isRuntimeError(failure, "InvalidRoutings")).toBe(true);
    expect(String(failure)).toContain(says);
  });
});

test("says once what is wrong with a file that stays as it is", async () => {
  const lines: string[] = [];
  const write = (message: string): void => void lines.push(message);
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  feed = createFileFeed({ path, clock, logger });
  await start("web");
  await writeFile(path, "oops");
  await look(() => feed.refused > 0);
  for (let round = 0; round < 5; round++) await clock.advance(1000);
  expect(lines.filter((line) => line.includes("go on serving"))).toHaveLength(1);
});

test("grows older while the file is one that is refused", async () => {
  await start("web");
  await writeFile(path, "oops");
  await look(() => feed.refused > 0);
  for (let round = 0; round < 5; round++) await clock.advance(1000);
  expect(feed.ageMs()).toBeGreaterThanOrEqual(5000);
});

test("says once that the file is gone", async () => {
  const lines: string[] = [];
  const add = (message: string): void => void lines.push(message);
  const logger: Logger = { debug: add, info: add, warn: add, error: add, child: () => logger };
  feed = createFileFeed({ path, clock, logger });
  await start("web");
  await rm(path);
  await look(() => feed.refused > 2);
  expect(lines.filter((line) => line.includes("go on serving"))).toHaveLength(1);
});

test("what is written counts, even when it was copied with its version from a cluster", async () => {
  const copied = (description: string) => {
    const routing = routingOf([{ name: "a", host: "h", description }]);
    const metadata = { ...routing.metadata, uid: "u1", generation: 1, resourceVersion: "7" };
    return writeFile(path, JSON.stringify({ channelRoutings: [{ ...routing, metadata }] }));
  };
  await copied("before");
  await feed.open();
  running = feed.run({ signal: stop.signal });
  await copied("afterwards");
  await look(() => feed.routings.list()[0]?.spec.capabilityGroups[0]?.description === "afterwards");
});

describe("who asks for a routing", () => {
  const { signal } = new AbortController();
  const query = { tenant: "acme", channel: "web", subset: undefined, namespace: undefined };

  test.each([undefined, "default", "elsewhere"])("gets it in namespace %s", async (namespace) => {
    await start("web");
    expect(await feed.catalogue.routing({ ...query, namespace }, { signal })).toMatchObject({
      kind: "found",
      value: { metadata: { labels: { channel: "web" } } },
    });
  });

  test("is told that it is not in the file, and in which subset", async () => {
    await start("web");
    const missing = "No routing information found in file for tenant: acme, channel: fax, subset: stable";
    expect(await feed.catalogue.routing({ ...query, channel: "fax" }, { signal })).toEqual({
      kind: "missing",
      message: missing,
    });
    expect(feed.describeMissing?.({ tenant: "acme", channel: "fax", subset: "stable" })).toBe(missing);
  });
});

import type { ChannelRouting } from "@lmos/resources";
import { FakeClock } from "@lmos/testing";
import { beforeEach, expect, test } from "vitest";
import { routingOf } from "../testing/routings.ts";
import { KnownChannels } from "./known-channels.ts";

let clock: FakeClock;
let forgotten: ChannelRouting[];
let channels: KnownChannels;

beforeEach(() => {
  clock = new FakeClock();
  forgotten = [];
  channels = new KnownChannels(clock, { onForgotten: (routing) => forgotten.push(routing) });
});

const identity = (channel: string) => ({ tenant: "acme", channel, subset: "stable" });
const found = (channel: string) => {
  return {
    identity: identity(channel),
    routing: routingOf([], { tenant: "acme", channel }),
    etag: undefined,
  };
};
const lost = (channel: string) => ({ ...found(channel), routing: undefined, missing: undefined });
const served = () => channels.served().map(({ identity: { channel } }) => channel);

test("knows nothing at first, and has no age", () => {
  expect([channels.get(identity("web")), channels.served(), channels.ageMs()]).toEqual([undefined, [], 0]);
  expect(channels.foundAtMs).toBe(Number.NEGATIVE_INFINITY);
});

test("those that are served come in the order in which they were heard of, the last one first", () => {
  for (const channel of ["a", "b", "c", "a"]) channels.find(found(channel));
  channels.remember(lost("d"));
  expect(served()).toEqual(["a", "c", "b"]);
});

test("the age is that of the served one that was not heard of for longest", async () => {
  channels.find(found("a"));
  await clock.advance(1000);
  channels.find(found("b"));
  await clock.advance(500);
  expect(channels.ageMs()).toBe(1500);
  channels.find(found("a"));
  expect(channels.ageMs()).toBe(500);
  channels.remember(lost("b"));
  expect(channels.ageMs()).toBe(0);
});

test("what is found is no longer missing; what is remembered as missing was not found", async () => {
  const missing = { times: 2, sinceMs: 0, deleted: false };
  channels.find(found("a"));
  const foundAt = clock.monotonic();
  await clock.advance(10);
  channels.remember({ ...found("a"), missing });
  expect([channels.get(identity("a"))?.missing, channels.foundAtMs]).toEqual([missing, foundAt]);
  channels.find(found("a"));
  expect([channels.get(identity("a"))?.missing, channels.foundAtMs]).toEqual([undefined, foundAt + 10]);
});

test("of too many the one that was heard of longest ago is forgotten, and told where it was served", () => {
  for (let each = 0; each < 20_000; each++) channels.find(found(`c${each}`));
  channels.find(found("c0"));
  expect(forgotten).toEqual([]);
  channels.find(found("one-more"));
  expect(forgotten.map(({ metadata }) => metadata.labels?.["channel"])).toEqual(["c1"]);
  expect(channels.get(identity("c1"))).toBeUndefined();
  expect(channels.get(identity("c0"))).toBeDefined();
});

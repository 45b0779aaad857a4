import { createObjectStore } from "@lmos/kube";
import { silentLogger } from "@lmos/primitives";
import { apiVersion, type ChannelRollout, type ChannelRouting, channelRolloutKind } from "@lmos/resources";
import { beforeEach, describe, expect, test } from "vitest";
import { routingOf } from "../testing/routings.ts";
import { createRollouts, goesToCanary, type Rollouts } from "./rollouts.ts";

const web = { tenant: "acme", channel: "web" };

function rolloutOf(
  weights: readonly [stable: number, canary: number],
  overrides: { readonly name?: string; readonly canary?: string; readonly created?: string } = {},
): ChannelRollout {
  const { name = "web", canary = "acme-web-canary", created = "2026-01-01T00:00:00Z" } = overrides;
  return channelRolloutKind.parse({
    apiVersion,
    kind: "ChannelRollout",
    metadata: { name, namespace: "default", uid: `uid-${name}`, creationTimestamp: created },
    spec: {
      strategy: {
        canary: {
          stableChannel: { name: "acme-web-stable", weight: weights[0] },
          canaryChannel: { name: canary, weight: weights[1] },
        },
      },
    },
  });
}

const routings = () => createObjectStore<ChannelRouting>();
let stores: {
  readonly rollouts: ReturnType<typeof createObjectStore<ChannelRollout>>;
  readonly routings: ReturnType<typeof routings>;
};
let rollouts: Rollouts;

beforeEach(() => {
  stores = { rollouts: createObjectStore<ChannelRollout>(), routings: routings() };
  for (const subset of ["stable", "canary"]) stores.routings.put(routingOf([], { subset }));
  rollouts = createRollouts(stores, silentLogger);
});

test("a rollout is found by the channel whose conversations it divides", () => {
  stores.rollouts.put(rolloutOf([75, 25]));
  expect(rollouts.find(web)).toEqual({
    uid: "uid-web",
    weight: 25,
    canary: { tenant: "acme", channel: "web", subset: "canary" },
  });
  expect(rollouts.find({ ...web, channel: "ivr" })).toBeUndefined();
  expect(rollouts.find({ ...web, tenant: "other" })).toBeUndefined();
});

test("a changed weight counts at once, a deleted rollout no longer", () => {
  stores.rollouts.put(rolloutOf([75, 25]));
  rollouts.find(web);
  stores.rollouts.put(rolloutOf([10, 90]));
  expect(rollouts.find(web)?.weight).toBe(90);
  stores.rollouts.remove({ namespace: "default", name: "web" });
  expect(rollouts.find(web)).toBeUndefined();
});

test("weights that make no sense leave those of before", () => {
  stores.rollouts.put(rolloutOf([75, 25]));
  rollouts.find(web);
  stores.rollouts.put(rolloutOf([75, 75]));
  expect(rollouts.find(web)?.weight).toBe(25);
});

test("a rollout that never made sense divides nothing", () => {
  stores.rollouts.put(rolloutOf([0, 0]));
  expect(rollouts.find(web)).toBeUndefined();
});

test("of two rollouts for one channel the older one counts", () => {
  stores.rollouts.put(rolloutOf([50, 50], { name: "young", created: "2026-02-01T00:00:00Z" }));
  stores.rollouts.put(rolloutOf([90, 10], { name: "old" }));
  expect(rollouts.find(web)?.uid).toBe("uid-old");
});

describe("a canary divides nothing", () => {
  test.each([
    { name: "that does not exist", canary: "missing" },
    { name: "of another tenant", canary: "other-web-canary" },
    { name: "of another channel", canary: "acme-ivr-canary" },
  ])("$name", ({ canary }) => {
    stores.routings.put(routingOf([], { tenant: "other", subset: "canary" }));
    stores.routings.put(routingOf([], { channel: "ivr", subset: "canary" }));
    stores.rollouts.put(rolloutOf([50, 50], { canary }));
    expect(rollouts.find(web)).toBeUndefined();
  });

  test("whose routing has gone, until it is back", () => {
    stores.rollouts.put(rolloutOf([50, 50]));
    stores.routings.remove({ namespace: "default", name: "acme-web-canary" });
    expect(rollouts.find(web)).toBeUndefined();
    stores.routings.put(routingOf([], { subset: "canary" }));
    expect(rollouts.find(web)).toBeDefined();
  });
});

test("all or none of the conversations go to a canary of 100 or 0 per cent", () => {
  const canary = { ...web, subset: "canary" };
  for (let id = 0; id < 100; id++) {
    expect(goesToCanary({ uid: "u", weight: 100, canary }, `c${id}`)).toBe(true);
    expect(goesToCanary({ uid: "u", weight: 0, canary }, `c${id}`)).toBe(false);
  }
});

test("a source that knows no rollouts has none", () => {
  expect(createRollouts({ ...stores, rollouts: undefined }, silentLogger).find(web)).toBeUndefined();
});

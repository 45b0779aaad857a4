import { apiVersion, type ChannelRollout, channelRolloutKind } from "@lmos/resources";
import { describe, expect, test } from "vitest";
import { readRollout } from "./plan.ts";

function rolloutOf(
  stable: { readonly name?: string; readonly weight: number },
  canary: { readonly name?: string; readonly weight: number },
  uid: string | undefined = "u1",
): ChannelRollout {
  return channelRolloutKind.parse({
    apiVersion,
    kind: "ChannelRollout",
    metadata: { name: "web", namespace: "shop", ...(uid === undefined ? {} : { uid }) },
    spec: {
      strategy: {
        canary: {
          stableChannel: { name: "web-stable", ...stable },
          canaryChannel: { name: "web-canary", ...canary },
        },
      },
    },
  });
}

test("a rollout whose weights make 100 is a plan", () => {
  expect(readRollout(rolloutOf({ weight: 75 }, { weight: 25 }))).toEqual({
    kind: "valid",
    plan: { uid: "u1", stable: "web-stable", canary: "web-canary", weight: 25 },
  });
});

test("its name stands in where it has no uid", () => {
  const rollout = rolloutOf({ weight: 100 }, { weight: 0 });
  const { uid: _, ...metadata } = rollout.metadata;
  expect(readRollout({ ...rollout, metadata })).toMatchObject({ plan: { uid: "shop/web" } });
});

const refused = [
  { name: "weights below 100", rollout: rolloutOf({ weight: 10 }, { weight: 20 }), says: "do not make 100" },
  { name: "weights above 100", rollout: rolloutOf({ weight: 90 }, { weight: 20 }), says: "do not make 100" },
  {
    name: "a negative weight",
    rollout: rolloutOf({ weight: -10 }, { weight: 110 }),
    says: "-10: give 0 to 100",
  },
  { name: "no weights at all", rollout: rolloutOf({ weight: 0 }, { weight: 0 }), says: "do not make 100" },
  {
    name: "one channel twice",
    rollout: rolloutOf({ name: "web", weight: 50 }, { name: "web", weight: 50 }),
    says: "both web",
  },
];

describe("a rollout is refused", () => {
  test.each(refused)("for $name", ({ rollout, says }) => {
    expect(readRollout(rollout)).toEqual({ kind: "invalid", message: expect.stringContaining(says) });
  });
});

import { describe, expect, test } from "vitest";
import { createConversationMemory } from "../conversation/conversation-memory.ts";
import type { FetchOutcome } from "../routing/feed.ts";
import type { Rollout } from "../routing/rollouts.ts";
import { snapshotOf } from "../testing/snapshots.ts";
import { turnOf } from "../testing/turns.ts";
import { locateRouting } from "./locate-routing.ts";

const { signal } = new AbortController();

function setUp(
  parts: {
    readonly served?: readonly string[];
    readonly rollout?: Pick<Rollout, "uid" | "weight">;
    readonly fetched?: readonly string[];
    readonly outcome?: FetchOutcome;
  } = {},
) {
  const served = new Set(parts.served ?? ["stable", "canary"]);
  const asked: string[] = [];
  const conversations = createConversationMemory(100_000);
  const state = { rollout: parts.rollout };
  const canary = { tenant: "acme", channel: "web", subset: "canary" };
  const services = {
    conversations,
    routings: {
      find: ({ subset }: { readonly subset: string }) =>
        served.has(subset) ? snapshotOf({ agents: [], classifier: undefined, subset }) : undefined,
    },
    rollouts: { find: () => (state.rollout === undefined ? undefined : { ...state.rollout, canary }) },
    ...(parts.fetched === undefined
      ? {}
      : {
          fetchRouting: async ({ subset }: { readonly subset: string }): Promise<FetchOutcome> => {
            asked.push(subset);
            if (parts.fetched?.includes(subset) === true) served.add(subset);
            return parts.outcome ?? { kind: "known" };
          },
        }),
  };
  const locate = async (conversationId: string, subset?: string): Promise<string> => {
    const turn = turnOf({ conversationId, subset });
    const located = await locateRouting(turn, services, { signal });
    if (located.kind === "failed") return located.failure.code;
    const { identity } = located.snapshot;
    conversations.append(
      turn,
      { subset: identity.subset, rollout: located.rollout },
      { messages: [], at: 0 },
    );
    return identity.subset;
  };
  return { locate, state, served, asked };
}

describe("without a release", () => {
  test("a turn follows the default subset, or the one that it names, and stays there", async () => {
    const { locate } = setUp();
    expect(await locate("a")).toBe("stable");
    expect(await locate("b", "canary")).toBe("canary");
    expect(await locate("b", "stable")).toBe("canary");
    expect(await locate("b")).toBe("canary");
  });

  test("a turn whose subset is gone follows the one that it names, or the default", async () => {
    const { locate, served } = setUp();
    await locate("a", "canary");
    served.delete("canary");
    expect(await locate("a")).toBe("stable");
    expect(await locate("a", "canary")).toBe("no_routing");
  });
});

describe("a source that has to be asked", () => {
  test("is asked for what is not known", async () => {
    const { locate, asked } = setUp({ served: [], fetched: ["stable"] });
    expect(await locate("a")).toBe("stable");
    expect(await locate("a")).toBe("stable");
    expect(await locate("b", "beta")).toBe("no_routing");
    expect(asked).toEqual(["stable", "beta"]);
  });

  test("fails the turn when it cannot say", async () => {
    const outcome = { kind: "failed", message: "Unexpected response from operator" } as const;
    const { locate } = setUp({ served: [], fetched: [], outcome });
    expect(await locate("a")).toBe("routing_unavailable");
  });
});

const ids = Array.from({ length: 2000 }, (_, index) => `c${index}`);

async function sides(locate: (id: string) => Promise<string>): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const id of ids) found.set(id, await locate(id));
  return found;
}

const onCanary = (found: ReadonlyMap<string, string>): number =>
  [...found.values()].filter((subset) => subset === "canary").length;

describe("D19 a canary release", () => {
  test("divides conversations by its weight", async () => {
    const { locate } = setUp({ rollout: { uid: "u", weight: 25 } });
    expect(Math.abs(onCanary(await sides(locate)) / ids.length - 0.25)).toBeLessThan(0.03);
  });

  test.each([0, 60, 100])("moves nobody who has begun when its weight becomes %i", async (weight) => {
    const { locate, state } = setUp({ rollout: { uid: "u", weight: 25 } });
    const before = await sides(locate);
    state.rollout = { uid: "u", weight };
    expect(await sides(locate)).toEqual(before);
  });

  test("gives new conversations to the new weight only", async () => {
    const { locate, state } = setUp({ rollout: { uid: "u", weight: 100 } });
    expect(await locate("old")).toBe("canary");
    state.rollout = { uid: "u", weight: 0 };
    expect(onCanary(await sides(locate))).toBe(0);
    expect(await locate("old")).toBe("canary");
  });

  test("sends everybody back to stable when it is aborted", async () => {
    const { locate, state } = setUp({ rollout: { uid: "u", weight: 50 } });
    await sides(locate);
    state.rollout = undefined;
    expect(onCanary(await sides(locate))).toBe(0);
  });

  test("divides anew when another one takes its place", async () => {
    const { locate, state } = setUp({ rollout: { uid: "u", weight: 100 } });
    await locate("a");
    state.rollout = { uid: "v", weight: 0 };
    expect(await locate("a")).toBe("stable");
  });

  test("serves stable while the canary is not there", async () => {
    const { locate } = setUp({ rollout: { uid: "u", weight: 100 }, served: ["stable"] });
    expect(await locate("a")).toBe("stable");
  });

  test("leaves a client alone that names its subset", async () => {
    const { locate } = setUp({ rollout: { uid: "u", weight: 100 }, served: ["stable", "canary", "beta"] });
    expect(await locate("a", "beta")).toBe("beta");
    expect(await locate("b", "stable")).toBe("stable");
  });
});

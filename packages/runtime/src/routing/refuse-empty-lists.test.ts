import type { KubeClient, ObjectList } from "@lmos/kube";
import { channelRoutingKind } from "@lmos/resources";
import { FakeClock } from "@lmos/testing";
import { expect, test } from "vitest";
import { routingOf } from "../testing/routings.ts";
import { disbeliefMs, refuseEmptyLists } from "./refuse-empty-lists.ts";

const routing = routingOf([]);
const { signal } = new AbortController();

function setUp() {
  const state = {
    page: { items: [routing] } as Partial<ObjectList<typeof routing>>,
    holds: true,
    refused: 0,
  };
  const client = {
    list: async () => ({
      items: [],
      invalid: [],
      resourceVersion: "1",
      continueToken: undefined,
      ...state.page,
    }),
    watch: async function* () {},
  } as unknown as Pick<KubeClient, "list" | "watch">;
  const clock = new FakeClock();
  const guarded = refuseEmptyLists(client, {
    clock,
    holdsAny: () => state.holds,
    onRefused: () => {
      state.refused += 1;
    },
  });
  const list = (continueToken?: string) => guarded.list(channelRoutingKind, { signal, continueToken });
  return { state, clock, list };
}

test("a list with routings passes", async () => {
  const { list } = setUp();
  expect((await list()).items).toHaveLength(1);
});

test("an empty list passes where there was nothing before", async () => {
  const { state, list } = setUp();
  Object.assign(state, { page: {}, holds: false });
  expect((await list()).items).toEqual([]);
});

test("an empty last page is no empty list", async () => {
  const { state, list } = setUp();
  Object.assign(state, { page: {} });
  expect((await list("more")).items).toEqual([]);
});

test("an empty list is refused, and believed after five minutes of nothing else", async () => {
  const { state, clock, list } = setUp();
  Object.assign(state, { page: {} });
  await expect(list()).rejects.toMatchObject({ code: "ServerError" });
  await clock.advance(disbeliefMs - 1);
  await expect(list()).rejects.toThrow("without any channelroutings");
  expect(state.refused).toBe(2);
  await clock.advance(1);
  expect((await list()).items).toEqual([]);
});

test("a list with routings in between starts the doubt anew", async () => {
  const { state, clock, list } = setUp();
  Object.assign(state, { page: {} });
  await expect(list()).rejects.toThrow();
  Object.assign(state, { page: { items: [routing] } });
  await list();
  await clock.advance(disbeliefMs);
  Object.assign(state, { page: {} });
  await expect(list()).rejects.toThrow();
});

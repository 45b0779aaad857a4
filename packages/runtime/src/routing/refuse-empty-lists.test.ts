import type { KubeObject, ListOptions, ObjectList, ResourceType } from "@lmos/kube";
import { channelRoutingKind } from "@lmos/resources";
import { FakeClock } from "@lmos/testing";
import { expect, test } from "vitest";
import { FakeKubeClient } from "../testing/fake-kube-client.ts";
import { routingOf } from "../testing/routings.ts";
import { disbeliefMs, refuseEmptyLists } from "./refuse-empty-lists.ts";

const routing = routingOf([]);
const { signal } = new AbortController();

/** A server with one routing, none, or none any more. */
class EmptyingClient extends FakeKubeClient {
  empty = false;

  override async list<T extends KubeObject>(
    type: ResourceType<T>,
    options: ListOptions,
  ): Promise<ObjectList<T>> {
    const list = await super.list(type, options);
    return this.empty ? { ...list, items: [] } : list;
  }
}

function setUp() {
  const client = new EmptyingClient();
  client.put(routing);
  const state = { holds: true, refused: 0 };
  const clock = new FakeClock();
  const guarded = refuseEmptyLists(client, {
    clock,
    holdsAny: () => state.holds,
    onRefused: () => {
      state.refused += 1;
    },
  });
  const list = (continueToken?: string) => guarded.list(channelRoutingKind, { signal, continueToken });
  return { client, state, clock, list };
}

test("a list with routings passes", async () => {
  const { list } = setUp();
  expect((await list()).items).toHaveLength(1);
});

test("an empty list passes where there was nothing before", async () => {
  const { client, state, list } = setUp();
  client.empty = true;
  state.holds = false;
  expect((await list()).items).toEqual([]);
});

test("an empty last page is no empty list", async () => {
  const { client, list } = setUp();
  client.empty = true;
  expect((await list("more")).items).toEqual([]);
});

test("an empty list is refused, and believed after five minutes of nothing else", async () => {
  const { client, state, clock, list } = setUp();
  client.empty = true;
  await expect(list()).rejects.toMatchObject({ code: "ServerError" });
  await clock.advance(disbeliefMs - 1);
  await expect(list()).rejects.toThrow("without any channelroutings");
  expect(state.refused).toBe(2);
  await clock.advance(1);
  expect((await list()).items).toEqual([]);
});

test("a list with routings in between starts the doubt anew", async () => {
  const { client, clock, list } = setUp();
  client.empty = true;
  await expect(list()).rejects.toThrow();
  client.empty = false;
  await list();
  await clock.advance(disbeliefMs);
  client.empty = true;
  await expect(list()).rejects.toThrow();
});

import { KubeError, keyOf, type ObjectKey } from "@lmos/kube";
import { type Channel, type ChannelStatus, channelKind } from "@lmos/resources";
import { FakeClock } from "@lmos/testing";
import { beforeEach, describe, expect, it } from "vitest";
import type { Writers } from "../apply.ts";
import type { ApplyCommand } from "../commands.ts";
import { Precedence } from "../precedence.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { agentOf, channelOf } from "../testing/objects.ts";
import { createChannelReconciler } from "./reconciler.ts";
import { WaitingStatuses, writtenAtOnce } from "./statuses.ts";

const { signal } = new AbortController();
let cluster: FakeCluster;
let clock: FakeClock;
let statuses: WaitingStatuses;
let named: string[];

beforeEach(() => {
  cluster = new FakeCluster();
  clock = new FakeClock();
  statuses = new WaitingStatuses(clock);
  named = [];
  statuses.source.start((key) => void named.push(key.name));
});

function decidedStatus(channel: Channel, activeRevision: number) {
  const status: ChannelStatus = {
    resolveStatus: "RESOLVED",
    unresolvedRequiredCapabilities: [],
    activeRevision,
  };
  const { apiVersion, kind, metadata } = channel;
  const { name, namespace } = metadata;
  const desired = { apiVersion, kind, metadata: { name, namespace }, status };
  const command: ApplyCommand = {
    ...{ kind: "apply", target: "Channel", subresource: "status" },
    ...{ fieldManager: "test", live: channel, desired },
  };
  return { status, command };
}

function put(channel: Channel, revision: number): Promise<void> {
  return statuses.put(channel, decidedStatus(channel, revision));
}

function write(key: ObjectKey, { writers }: { readonly writers: Writers } = cluster) {
  const precedence = new Precedence(clock);
  return statuses.writer({ ...cluster.stores, writers, precedence })(key, { signal });
}

/** The cluster's writers, with an `apply` that waits until it is let go. */
function slowWriters() {
  const { promise, resolve: letGo } = Promise.withResolvers<void>();
  const { client, events } = cluster.writers;
  const apply: typeof client.apply = async (type, object, options) => {
    await promise;
    return client.apply(type, object, options);
  };
  return { letGo, writers: { client: { ...client, apply }, events } };
}

function writtenRevision(channel: Channel): number | undefined {
  return cluster.channels.get(keyOf(channel))?.status?.activeRevision;
}

describe("statuses that wait", () => {
  it("name their Channel and are known until they are written", async () => {
    const channel = channelOf("acme", []);
    cluster.channels.put(channel);
    await put(channel, 1);
    expect(named).toEqual(["acme"]);
    expect(statuses.decided(channel)?.activeRevision).toBe(1);
    expect(cluster.writes).toEqual([]);
    await write(keyOf(channel));
    expect(writtenRevision(channel)).toBe(1);
    expect(statuses.decided(channel)).toBeUndefined();
  });

  it("are written once where several came", async () => {
    const channel = channelOf("acme", []);
    cluster.channels.put(channel);
    for (const revision of [1, 2, 3]) await put(channel, revision);
    await write(keyOf(channel));
    await write(keyOf(channel));
    expect(cluster.writes).toEqual(["Channel/status acme"]);
    expect(writtenRevision(channel)).toBe(3);
  });

  it("stay when they can't be written", async () => {
    const channel = channelOf("acme", []);
    cluster.channels.put(channel);
    await put(channel, 1);
    cluster.broken = "Channel";
    await expect(write(keyOf(channel))).rejects.toMatchObject({ code: "Unavailable" });
    expect(statuses.decided(channel)?.activeRevision).toBe(1);
    cluster.broken = undefined;
    await write(keyOf(channel));
    expect(writtenRevision(channel)).toBe(1);
  });

  it("are kept when a newer one comes during the write", async () => {
    const channel = channelOf("acme", []);
    cluster.channels.put(channel);
    await put(channel, 1);
    const { client, events } = cluster.writers;
    const apply: typeof client.apply = async (type, object, options) => {
      await put(channel, 2);
      return client.apply(type, object, options);
    };
    await write(keyOf(channel), { writers: { client: { ...client, apply }, events } });
    expect(writtenRevision(channel)).toBe(1);
    expect(statuses.decided(channel)?.activeRevision).toBe(2);
  });

  it.each([
    { name: "that is gone", now: undefined },
    { name: "of another uid", now: { uid: "another" } },
  ])("are dropped for a Channel $name", async ({ now }) => {
    const channel = channelOf("acme", []);
    await put(channel, 1);
    const another = { ...channel, metadata: { ...channel.metadata, ...now } };
    if (now !== undefined) cluster.channels.put(channelKind.parse(another));
    expect(statuses.decided(another)?.activeRevision).toBe(now === undefined ? 1 : undefined);
    await write(keyOf(channel));
    expect(cluster.writes).toEqual([]);
    expect(statuses.decided(channel)).toBeUndefined();
  });

  it("are told nobody who has stopped listening", async () => {
    const later: string[] = [];
    const stop = statuses.source.start((key) => void later.push(key.name));
    stop();
    await put(channelOf("acme", []), 1);
    expect(later).toEqual([]);
  });
});

describe("a status that is held, as the routing is about to change,", () => {
  const channel = channelOf("acme", []);

  beforeEach(async () => {
    cluster.channels.put(channel);
    await put(channel, 1);
  });

  it("is not written, and counts as decided", async () => {
    statuses.hold(channel);
    await write(keyOf(channel));
    expect(cluster.writes).toEqual([]);
    expect(statuses.decided(channel)?.activeRevision).toBe(1);
  });

  it("gives way to the next one", async () => {
    statuses.hold(channel);
    await put(channel, 2);
    await write(keyOf(channel));
    expect(writtenRevision(channel)).toBe(2);
  });

  it("is forgotten with its Channel", async () => {
    statuses.hold(channel);
    statuses.forget(keyOf(channel));
    expect(statuses.decided(channel)).toBeUndefined();
  });
});

describe("whenWritten", () => {
  const channel = channelOf("acme", []);
  let writing: Promise<unknown>;
  let letGo: () => void;

  beforeEach(async () => {
    cluster.channels.put(channel);
    await put(channel, 1);
    const slow = slowWriters();
    writing = write(keyOf(channel), slow);
    letGo = slow.letGo;
  });

  it.each([
    { name: "a second", waitMs: 1_000, isOver: true },
    { name: "less than a second", waitMs: 999, isOver: false },
  ])(
    "waits for a write that is under way for a second: over after $name: $isOver",
    async ({ waitMs, isOver }) => {
      let over = false;
      const waiting = statuses.whenWritten(channel, { signal }).then(() => {
        over = true;
      });
      await clock.advance(waitMs);
      expect(over).toBe(isOver);
      letGo();
      await Promise.all([writing, waiting]);
      expect(writtenRevision(channel)).toBe(1);
    },
  );

  it("waits no longer where its signal is aborted", async () => {
    const stop = new AbortController();
    const waiting = statuses.whenWritten(channel, { signal: stop.signal });
    stop.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
    letGo();
    await writing;
  });
});

describe("a Channel whose routing is removed while its status is not written yet", () => {
  const { spec, ...others } = channelOf("acme", ["bill@^1.0.0"]);
  const channel: Channel = { ...others, spec: { ...spec, activationPolicy: "Fail" } };
  let reconcile: ReturnType<typeof createChannelReconciler>;
  let isUnavailable: boolean;

  beforeEach(async () => {
    const { client, events } = cluster.writers;
    const remove: typeof client.delete = async (...parameters) => {
      if (isUnavailable) throw new KubeError("Unavailable", "nothing can be deleted");
      return client.delete(...parameters);
    };
    const writers = { client: { ...client, delete: remove }, events };
    isUnavailable = false;
    reconcile = createChannelReconciler({ stores: cluster.stores, writers, statuses, clock });
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channel);
    await reconcile(keyOf(channel), { signal });
    cluster.agents.remove({ namespace: "default", name: "billing" });
  });

  async function removeRouting(): Promise<void> {
    const requeue = await reconcile(keyOf(channel), { signal });
    if (requeue.kind !== "after") return;
    await clock.advance(requeue.ms);
    await removeRouting();
  }

  it("never says that it is activated", async () => {
    await removeRouting();
    await write(keyOf(channel));
    expect(cluster.writes).toEqual([
      "ChannelRouting acme",
      "delete ChannelRouting acme",
      "Channel/status acme",
    ]);
    expect(writtenStatus()).toBe("UNRESOLVED");
  });

  it("has said so before, where that was under way", async () => {
    const { writers, letGo } = slowWriters();
    const writing = write(keyOf(channel), { writers });
    const removing = removeRouting();
    letGo();
    await Promise.all([writing, removing]);
    expect(cluster.writes).toEqual([
      "ChannelRouting acme",
      "Channel/status acme",
      "delete ChannelRouting acme",
    ]);
  });

  it("says nothing while the removal fails, and what is so in the end", async () => {
    isUnavailable = true;
    await expect(removeRouting()).rejects.toMatchObject({ code: "Unavailable" });
    await write(keyOf(channel));
    expect(cluster.writes).toEqual(["ChannelRouting acme"]);
    isUnavailable = false;
    await removeRouting();
    await write(keyOf(channel));
    expect(writtenStatus()).toBe("UNRESOLVED");
  });

  function writtenStatus(): string | undefined {
    return cluster.channels.get(keyOf(channel))?.status?.resolveStatus;
  }
});

describe("a Channel that is content with a part, and loses one while its status is being written,", () => {
  const { spec, ...others } = channelOf("acme", ["bill@^1.0.0", "news@^1.0.0"]);
  const channel: Channel = { ...others, spec: { ...spec, activationPolicy: "Partial" } };

  it("has that written first", async () => {
    const { stores, writers } = cluster;
    const reconcile = createChannelReconciler({ stores, writers, statuses, clock });
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.agents.put(agentOf("press", ["news@1.0.0"]));
    cluster.channels.put(channel);
    await reconcile(keyOf(channel), { signal });
    const slow = slowWriters();
    const writing = write(keyOf(channel), slow);
    cluster.agents.remove({ namespace: "default", name: "press" });
    const requeue = await reconcile(keyOf(channel), { signal });
    await clock.advance(requeue.kind === "after" ? requeue.ms : 0); // it might have come back
    const losing = reconcile(keyOf(channel), { signal });
    await clock.advance(999);
    expect(cluster.writes).toEqual(["ChannelRouting acme"]);
    slow.letGo();
    await Promise.all([writing, losing]);
    expect(cluster.writes).toEqual(["ChannelRouting acme", "Channel/status acme", "ChannelRouting acme"]);
  });
});

it("writes each as it comes where none is to wait", async () => {
  const channel = channelOf("acme", []);
  cluster.channels.put(channel);
  const atOnce = writtenAtOnce(cluster.writers);
  await atOnce.put(channel, decidedStatus(channel, 1), { signal });
  expect(writtenRevision(channel)).toBe(1);
  expect(atOnce.decided(channel)).toBeUndefined();
});

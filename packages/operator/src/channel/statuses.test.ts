import { keyOf, type ObjectKey } from "@lmos/kube";
import { type Channel, type ChannelStatus, channelKind } from "@lmos/resources";
import { beforeEach, describe, expect, it } from "vitest";
import type { ApplyCommand } from "../commands.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { channelOf } from "../testing/objects.ts";
import { WaitingStatuses, writtenAtOnce } from "./statuses.ts";

const { signal } = new AbortController();
let cluster: FakeCluster;
let statuses: WaitingStatuses;
let named: string[];

beforeEach(() => {
  cluster = new FakeCluster();
  statuses = new WaitingStatuses();
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

function write(key: ObjectKey) {
  return statuses.writer(cluster.stores, cluster.writers)(key, { signal });
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
    await statuses.writer(cluster.stores, { client: { ...client, apply }, events })(keyOf(channel), {
      signal,
    });
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

it("writes each as it comes where none is to wait", async () => {
  const channel = channelOf("acme", []);
  cluster.channels.put(channel);
  const atOnce = writtenAtOnce(cluster.writers);
  await atOnce.put(channel, decidedStatus(channel, 1), { signal });
  expect(writtenRevision(channel)).toBe(1);
  expect(atOnce.decided(channel)).toBeUndefined();
});

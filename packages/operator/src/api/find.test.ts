import { type ChannelRouting, channelRoutingKind } from "@lmos/resources";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { channelOf } from "../testing/objects.ts";
import { findChannel, findChannels, findRouting } from "./find.ts";

const query = { namespace: "default", tenant: "acme", subset: "stable", channel: "web" };
let cluster: FakeCluster;

beforeEach(() => {
  cluster = new FakeCluster();
});

function putChannel(name: string, labels: Readonly<Record<string, string>> = {}, day = 1): void {
  const channel = channelOf(name, []);
  const metadata = {
    ...channel.metadata,
    creationTimestamp: `2026-01-0${day}T00:00:00Z`,
    labels: { ...channel.metadata.labels, ...labels },
  };
  cluster.channels.put({ ...channel, metadata });
}

function putRouting(name: string, day = 1): void {
  const routing: ChannelRouting = channelRoutingKind.parse({
    apiVersion: "lmos.eclipse/v1",
    kind: "ChannelRouting",
    metadata: {
      namespace: "default",
      name,
      creationTimestamp: `2026-01-0${day}T00:00:00Z`,
      labels: { tenant: "acme", channel: "web", subset: "stable" },
    },
  });
  cluster.routings.put(routing);
}

describe("the channels of a tenant", () => {
  it("are ordered by name, whichever came first", () => {
    for (const name of ["c", "a", "b"]) putChannel(name, { channel: name });
    expect(findChannels(query, cluster.stores).map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c"]);
  });

  it.each([
    { name: "another tenant", labels: { tenant: "globex" } },
    { name: "another subset", labels: { subset: "canary" } },
  ])("leave out those of $name", ({ labels }) => {
    putChannel("other", labels);
    expect(findChannels(query, cluster.stores)).toEqual([]);
  });

  it("leave out those of another namespace", () => {
    putChannel("a");
    expect(findChannels({ ...query, namespace: "shop" }, cluster.stores)).toEqual([]);
  });

  it("count one without a subset as stable", () => {
    putChannel("a", { subset: "" });
    expect(findChannels(query, cluster.stores)).toHaveLength(1);
  });
});

describe("one channel", () => {
  it("is the oldest of those with its identity", () => {
    putChannel("young", {}, 3);
    putChannel("old", {}, 1);
    putChannel("middle", {}, 2);
    expect(findChannel(query, cluster.stores)?.metadata.name).toBe("old");
  });

  it("is the first by name among those of one age", () => {
    putChannel("b");
    putChannel("a");
    expect(findChannel(query, cluster.stores)?.metadata.name).toBe("a");
  });

  it("is not there where the query names another", () => {
    putChannel("a");
    expect(findChannel({ ...query, channel: "ivr" }, cluster.stores)).toBeUndefined();
  });
});

describe("the routing of a channel", () => {
  it("is that of the Channel that answers, not the oldest", () => {
    putChannel("a", {}, 1);
    putRouting("a", 3);
    putRouting("b", 2);
    expect(findRouting(query, cluster.stores)?.metadata.name).toBe("a");
  });

  it("is the oldest that is left where the Channel has none", () => {
    putChannel("a");
    putRouting("c", 3);
    putRouting("b", 2);
    expect(findRouting(query, cluster.stores)?.metadata.name).toBe("b");
  });

  it("is not there where nothing was ever wired", () => {
    putChannel("a");
    expect(findRouting(query, cluster.stores)).toBeUndefined();
  });
});

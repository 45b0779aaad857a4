import { createKubeMetrics, KubeError } from "@lmos/kube";
import { silentLogger } from "@lmos/primitives";
import { channelRoutingKind } from "@lmos/resources";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { Registry } from "prom-client";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { FakeLeaseClient } from "../testing/fake-lease-client.ts";
import type { WritingClient } from "./fence.ts";
import { type LeadOptions, lead } from "./lead.ts";

const lease = { namespace: "lmos", name: "lmos-operator" };
let cluster: FakeCluster;
let clock: FakeClock;
let client: FakeLeaseClient;

beforeEach(() => {
  cluster = new FakeCluster();
  clock = new FakeClock();
  client = new FakeLeaseClient();
});

/** One replica, and what became of it. */
class Replica {
  readonly #stop = new AbortController();
  writes: WritingClient | undefined;
  working = false;
  outcome: unknown = "running";
  readonly ended: Promise<void>;

  constructor(identity: string, options: Partial<LeadOptions> = {}) {
    const leading = lead(
      {
        client: client.kube,
        election: { lease, identity },
        stores: cluster.stores,
        clock,
        random: new SeededRandom(identity.length),
        logger: silentLogger,
        metrics: createKubeMetrics(new Registry()),
        signal: this.#stop.signal,
        ...options,
      },
      async (writes, { signal }) => {
        this.writes = writes;
        this.working = true;
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
        this.working = false;
      },
    );
    this.ended = leading.then(
      () => {
        this.outcome = "ended";
      },
      (error: unknown) => {
        this.outcome = error;
      },
    );
  }

  stop(): Promise<void> {
    this.#stop.abort(new Error("stopped"));
    return this.ended;
  }
}

function routingOfTerm(writerTerm: number) {
  return channelRoutingKind.parse({
    apiVersion: "lmos.eclipse/v1",
    kind: "ChannelRouting",
    metadata: { namespace: "default", name: "acme" },
    spec: { writerTerm },
  });
}

describe("without election", () => {
  it("works at once, before anything is mirrored, with the client as it is", async () => {
    const replica = new Replica("only", { election: undefined });
    expect(replica.working).toBe(true);
    expect(replica.writes).toBe(client.kube);
    await replica.stop();
    expect([replica.outcome, client.lease]).toEqual(["ended", undefined]);
  });
});

describe("with election", () => {
  it("stands only when its caches are filled", async () => {
    const replica = new Replica("first");
    await clock.advance(60_000);
    expect([replica.working, client.lease]).toEqual([false, undefined]);
    cluster.sync();
    await clock.advance(2_000);
    expect([replica.working, client.lease?.spec?.holderIdentity]).toEqual([true, "first"]);
    await replica.stop();
  });

  it("ends in order when it is stopped before its caches are filled", async () => {
    const replica = new Replica("first");
    await replica.stop();
    expect(replica.outcome).toBe("ended");
  });

  it("lets one replica work at a time, and the next when that one has stopped", async () => {
    cluster.sync();
    const first = new Replica("first");
    await clock.advance(0);
    const second = new Replica("second");
    await clock.advance(20_000);
    expect([first.working, second.working]).toEqual([true, false]);
    await first.stop();
    await clock.advance(2_000);
    expect([first.outcome, second.working]).toEqual(["ended", true]);
    await second.stop();
  });

  it("goes on above the highest term that a routing carries", async () => {
    cluster.sync();
    cluster.routings.put(routingOfTerm(41));
    const replica = new Replica("first");
    await clock.advance(2_000);
    expect(client.lease?.spec?.leaseTransitions).toBe(42);
    await replica.stop();
  });

  it("ends with an error when the lease is lost, and stands no more", async () => {
    cluster.sync();
    const replica = new Replica("first");
    await clock.advance(2_000);
    client.failure = new KubeError("Unreachable", "no connection");
    await clock.advance(12_000);
    await replica.ended;
    expect(replica.outcome).toMatchObject({ code: "LeadershipLost" });
    client.failure = undefined;
    await clock.advance(60_000);
    expect(replica.working).toBe(false);
  });

  it("ends with an error, and frees the lease, when a routing carries a later term than its own", async () => {
    cluster.sync();
    const replica = new Replica("first");
    await clock.advance(2_000);
    const write = () =>
      replica.writes?.apply(channelRoutingKind, routingOfTerm(9), {
        fieldManager: "test",
        signal: new AbortController().signal,
      });
    expect(write).toThrow(/carries the term 9/);
    await clock.advance(2_000);
    await replica.ended;
    expect(replica.outcome).toMatchObject({ code: "LeadershipLost" });
    expect(client.lease?.spec?.holderIdentity).toBe("");
  });
});

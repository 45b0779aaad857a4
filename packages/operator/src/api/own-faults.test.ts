/** What the read API makes of a fault of ours: its caller learns nothing of it, and its operator does. */
import type { Store } from "@lmos/kube";
import { type Logger, silentLogger } from "@lmos/primitives";
import type { Channel } from "@lmos/resources";
import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { createReadApi } from "./read-api.ts";

describe("a fault of ours", () => {
  const failing = () => {
    const cluster = new FakeCluster();
    cluster.sync();
    const logged: string[] = [];
    const log = (message: string): void => void logged.push(message);
    const logger: Logger = { ...silentLogger, error: log, child: () => logger };
    const broken = (): never => {
      throw new TypeError("broken");
    };
    const channels: Store<Channel> = {
      synced: true,
      resourceVersion: "1",
      get: broken,
      list: () => [],
      byIndex: broken,
      whenSynced: async () => undefined,
      subscribe: () => () => undefined,
    };
    const stores = { ...cluster.stores, channels };
    const api = createReadApi({
      ...{ stores, logger },
      clock: new FakeClock(),
      signal: new AbortController().signal,
    });
    return { api, logged };
  };

  it("is a 500 that says nothing of it to the caller, and is logged", async () => {
    const { api, logged } = failing();
    const { statusCode, body } = await api.inject("/apis/v1/tenants/acme/channels");
    expect([statusCode, body.includes("broken")]).toEqual([500, false]);
    expect(logged).toEqual(["a request could not be answered"]);
  });

  it("ends a watch instead of leaving its reader waiting, and is logged", async () => {
    const { api, logged } = failing();
    await api.inject("/apis/v1/tenants/acme/channels?watch=true").catch(() => undefined);
    expect(logged).toEqual(["a watch broke off"]);
  });
});

import { FakeClock } from "@lmos/testing";
import { expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createReadApi } from "./read-api.ts";

it("lets an address ask so often, then tells it to wait", async () => {
  const clock = new FakeClock();
  const limit = createRateLimit(clock, { burst: 2, refillMs: 1_500 });
  expect([limit("a"), limit("a"), limit("a")]).toEqual([undefined, undefined, 2]);
  await clock.advance(1_500);
  expect(limit("a")).toBeUndefined();
});

it("lets the others ask meanwhile", () => {
  const limit = createRateLimit(new FakeClock(), { burst: 1, refillMs: 1_000 });
  expect([limit("a"), limit("a"), limit("b")]).toEqual([undefined, 1, undefined]);
});

it("answers 429 with Retry-After, and goes on afterwards", async () => {
  const clock = new FakeClock();
  const cluster = new FakeCluster();
  cluster.sync();
  const api = createReadApi({ stores: cluster.stores, clock, signal: new AbortController().signal });
  const ask = async (): Promise<number> => (await api.inject("/apis/v1/tenants/acme/channels")).statusCode;
  const statuses = await Promise.all(Array.from({ length: 250 }, ask));
  expect(statuses.filter((status) => status === 200)).toHaveLength(200);
  const refused = await api.inject("/apis/v1/tenants/acme/channels");
  expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([429, "1"]);
  await clock.advance(1_000);
  expect(await ask()).toBe(200);
});

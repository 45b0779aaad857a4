/** Parts of the runtime that break, as none should: here chance does, when the mirrors want to wait for the API server. */
import { loadStaticModel } from "@lmos/embeddings";
import { systemIds } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { expect, test } from "vitest";
import { startRuntime } from "./runtime.ts";
import { FakeKubeClient } from "./testing/fake-kube-client.ts";
import { type LogLine, recordingLogger } from "./testing/recording-logger.ts";

const { signal } = new AbortController();
const embedding = await loadStaticModel({ signal });

/** An API server that is away, and a chance that breaks, until both are there. */
async function startBroken() {
  const state = { isBroken: true };
  class AbsentServer extends FakeKubeClient {
    override list: FakeKubeClient["list"] = (...call) =>
      state.isBroken ? Promise.reject(new Error("the API server is away")) : super.list(...call);
  }
  const next = (): number => {
    if (state.isBroken) throw new Error("no chance");
    return 0;
  };
  const lines: LogLine[] = [];
  const clock = new FakeClock();
  const runtime = await startRuntime({
    ...{ client: new AbsentServer(), embedding, clock, random: { next }, ids: systemIds },
    logger: recordingLogger(lines),
    local: true,
    listen: { host: "127.0.0.1", port: 0 },
    management: { host: "127.0.0.1", port: 0 },
    signal,
  });
  const health = `http://127.0.0.1:${runtime.managementAddress?.port}`;
  const statusOf = async (path: string): Promise<number> => (await fetch(`${health}${path}`)).status;
  const errors = () => lines.filter(({ level }) => level === "error");
  return { runtime, state, clock, health, statusOf, errors };
}

test("parts that fail are told of by log, metrics and liveness, and stopping still closes everything", async () => {
  const { runtime, health, statusOf, errors } = await startBroken();
  await expect.poll(() => statusOf("/livez")).toBe(503);
  expect(await (await fetch(`${health}/health/liveness`)).json()).toEqual({ status: "DOWN" });
  await expect.poll(errors).toHaveLength(2);
  expect(errors().map(({ part, failures, error }) => [part, failures, error])).toEqual([
    ["endpoints", 1, "no chance"],
    ["feed", 1, "no chance"],
  ]);
  const metrics = await (await fetch(`${health}/metrics`)).text();
  expect(metrics).toContain('lmos_part_failures_total{part="feed"} 1');
  expect(metrics).toContain("lmos_parts_whole 0");
  const closing = runtime[Symbol.asyncDispose]();
  await closing;
  await expect(fetch(`${health}/livez`)).rejects.toThrow();
});

test("parts that fail are started again, and then all is well", async () => {
  const { runtime, state, clock, statusOf, errors } = await startBroken();
  await expect.poll(errors).toHaveLength(2);
  expect(await statusOf("/livez")).toBe(503);
  await clock.advance(1000);
  expect(errors()).toHaveLength(4);
  state.isBroken = false;
  await clock.advance(2000);
  expect([await statusOf("/livez"), await statusOf("/readyz")]).toEqual([200, 200]);
  expect(errors()).toHaveLength(4);
  await runtime[Symbol.asyncDispose]();
});

/** A part of the runtime that breaks, as none should: here chance does, when the mirrors want to wait for the API server. */
import { loadStaticModel } from "@lmos/embeddings";
import { systemClock, systemIds } from "@lmos/primitives";
import { expect, test } from "vitest";
import { startRuntime } from "./runtime.ts";
import { FakeKubeClient } from "./testing/fake-kube-client.ts";
import { type LogLine, recordingLogger } from "./testing/recording-logger.ts";

class AbsentServer extends FakeKubeClient {
  override list(): Promise<never> {
    return Promise.reject(new Error("the API server is away"));
  }
}

const brokenChance = {
  next: (): number => {
    throw new Error("no chance");
  },
};

test("a part that fails is told of by log and liveness, and stopping still closes everything", async () => {
  const { signal } = new AbortController();
  const lines: LogLine[] = [];
  const runtime = await startRuntime({
    client: new AbsentServer(),
    embedding: await loadStaticModel({ signal }),
    clock: systemClock,
    random: brokenChance,
    ids: systemIds,
    logger: recordingLogger(lines),
    local: true,
    listen: { host: "127.0.0.1", port: 0 },
    management: { host: "127.0.0.1", port: 0 },
    signal,
  });
  const health = `http://127.0.0.1:${runtime.managementAddress?.port}`;
  await expect.poll(async () => (await fetch(`${health}/livez`)).status).toBe(503);
  expect(await (await fetch(`${health}/health/liveness`)).json()).toEqual({ status: "DOWN" });
  expect(lines.filter(({ level }) => level === "error")).toEqual([
    expect.objectContaining({ part: "sources", error: "no chance" }),
  ]);
  await runtime[Symbol.asyncDispose]();
  await expect(fetch(`${health}/livez`)).rejects.toThrow();
});

/** O2: the connection of a watch ends, breaks, or goes silent without ending. It is noticed, and nothing is listed anew. */
import { countRequests } from "@lmos/testing";
import { expect, it } from "vitest";
import { servers } from "../kubernetes/server.ts";
import { clientFor, directClient, type FaultPath, startFaultPath } from "./harness/access.ts";
import { seenAfterWriting, startMirror } from "./harness/config-maps-mirror.ts";
import { eventually, patienceMs } from "./harness/eventually.ts";
import { allowedMs, report, seconds } from "./harness/figures.ts";
import { makeWorld, uniqueName } from "./harness/widgets-world.ts";

const faults = [
  { fault: "FIN", withinMs: 5_000, strike: ({ tcp }: FaultPath) => tcp.cut("fin") },
  { fault: "RST", withinMs: 5_000, strike: ({ tcp }: FaultPath) => tcp.cut("reset") },
  {
    fault: "half-open: nothing comes from the server",
    withinMs: 45_000,
    strike: ({ tcp }: FaultPath) => tcp.blackhole("toClient"),
  },
  {
    fault: "half-open: nothing passes either way",
    withinMs: 45_000,
    strike: ({ tcp }: FaultPath) => tcp.blackhole("both"),
  },
];
const cases = servers.flatMap((server) => faults.map((fault) => ({ ...server, ...fault })));

it.concurrent.each(cases)(
  "O2 on the $name API server, $fault: noticed, and resumed without a list",
  async ({ name, start, fault, withinMs, strike }) => {
    await using server = await start();
    await using path = await startFaultPath(server);
    await using direct = directClient(server);
    await using client = clientFor(path.connection);
    const { namespace } = await makeWorld(direct, uniqueName("o2"));
    await using mirror = await startMirror(client, namespace);
    const usualMs = await seenAfterWriting(direct, mirror, { namespace, name: "before" });
    await eventually(
      "the watch runs",
      () => path.http.history.some(({ kind }) => kind === "event"),
      patienceMs,
    );
    const struckAtMs = path.http.nowMs;
    strike(path);
    const noticedMs = await seenAfterWriting(direct, mirror, { namespace, name: "after" });
    const match = { verb: "list", resource: "configmaps", sinceMs: struckAtMs };
    const lists = countRequests(path.http.history, match);
    report({
      row: "O2",
      server: name,
      fault,
      asked: `noticed <= ${withinMs / 1000} s, no list`,
      seen: `change seen ${seconds(noticedMs)} later; ${lists} lists`,
      reached: noticedMs <= withinMs && lists === 0,
    });
    expect(noticedMs).toBeLessThanOrEqual(allowedMs(withinMs, usualMs));
    expect(lists).toBe(0);
  },
);

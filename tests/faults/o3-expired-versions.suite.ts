/** O3: what a watch or a list goes on from is gone. Everything is listed anew, and nothing that happened meanwhile is missed. */
import { countRequests, type FaultRule } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { servers } from "../kubernetes/server.ts";
import { clientFor, directClient, startFaultPath } from "./harness/access.ts";
import { compactingServers } from "./harness/compacting-servers.ts";
import { type Mirror, seenAfterWriting, startMirror, writeConfigMap } from "./harness/config-maps-mirror.ts";
import { eventually } from "./harness/eventually.ts";
import { report, seconds } from "./harness/figures.ts";
import { makeWorld, uniqueName } from "./harness/widgets-world.ts";
import { configMaps } from "./widget-controller/widget.ts";

const { signal } = new AbortController();

const ofWatches = { verbs: ["watch" as const], resources: ["configmaps"] };
const once = { kind: "first" as const, count: 1 };
const rules: readonly { readonly fault: string; readonly rule: FaultRule }[] = [
  {
    fault: "410 as status of a watch",
    rule: { match: ofWatches, occasion: once, fault: { kind: "status", status: 410 } },
  },
  {
    fault: "410 as ERROR event of a watch",
    rule: { match: ofWatches, occasion: once, fault: { kind: "errorEvent", status: 410, afterEvents: 1 } },
  },
  {
    fault: "504 (too large resource version) for a watch",
    rule: { match: ofWatches, occasion: once, fault: { kind: "status", status: 504 } },
  },
];
const injected = servers.flatMap((server) => rules.map((each) => ({ ...server, ...each })));

describe("O3", () => {
  it.concurrent.each(compactingServers)(
    "O3 on the $name API server: deletion and re-creation inside a compacted gap are told apart",
    async ({ name, start }) => {
      await using server = await start();
      await using path = await startFaultPath(server);
      await using direct = directClient(server);
      await using client = clientFor(path.connection);
      const { namespace } = await makeWorld(direct, "o3");
      await using mirror = await startMirror(client, namespace);
      const key = { namespace, name: "twice" };
      await seenAfterWriting(direct, mirror, { namespace, name: "gone" });
      await seenAfterWriting(direct, mirror, key);
      const { uid: before, resourceVersion: lastSeen = "" } = mirror.store.get(key)?.metadata ?? {};
      await path.tcp.refuse();
      path.tcp.cut("reset");
      await direct.delete(configMaps, key, { signal });
      await direct.delete(configMaps, { namespace, name: "gone" }, { signal });
      const after = (await writeConfigMap(direct, key)).metadata.uid;
      await server.forget(lastSeen, direct);
      const cutAtMs = path.http.nowMs;
      await path.tcp.accept();
      const seenMs = await eventually("both are noticed", () => isNoticed(mirror, after), 60_000);
      const story = mirror.changes.filter(
        (change) => (change.before ?? change.after)?.metadata.name === "twice",
      );
      const told = story.map((change) => [change.before?.metadata.uid, change.after?.metadata.uid]);
      const lists = countRequests(path.http.history, {
        verb: "list",
        resource: "configmaps",
        sinceMs: cutAtMs,
      });
      const wanted = [
        [undefined, before],
        [before, undefined],
        [undefined, after],
      ];
      report({
        row: "O3",
        server: name,
        fault: "compacted while the watch was cut, one object deleted and re-created, one deleted",
        asked: "delete(old uid) + add(new uid), 0 missed",
        seen: `seen ${seconds(seenMs)} after reconnecting was possible; ${told.length} of 3 changes of the re-created one; ${lists} lists`,
        reached: JSON.stringify(told) === JSON.stringify(wanted),
      });
      expect(told).toEqual(wanted);
    },
  );

  it.concurrent.each(injected)(
    "O3 on the $name API server, $fault: nothing is missed",
    async ({ name, start, fault, rule }) => {
      await using server = await start();
      await using path = await startFaultPath(server);
      await using direct = directClient(server);
      await using client = clientFor(path.connection);
      const { namespace } = await makeWorld(direct, uniqueName("o3"));
      path.http.setRules([rule]);
      await using mirror = await startMirror(client, namespace);
      const missed: string[] = [];
      for (const each of ["a", "b", "c"]) {
        await seenAfterWriting(direct, mirror, { namespace, name: each }).catch(() => missed.push(each));
      }
      const lists = countRequests(path.http.history, { verb: "list", resource: "configmaps" });
      report({
        row: "O3",
        server: name,
        fault,
        asked: "0 missed",
        seen: `${missed.length} of 3 changes missed; ${lists} lists`,
        reached: missed.length === 0,
      });
      expect(missed).toEqual([]);
    },
  );
});

function isNoticed({ store, changes }: Mirror, newUid: string | undefined): boolean {
  const gone = changes.some(({ before, after }) => before?.metadata.name === "gone" && after === undefined);
  return gone && store.list().some(({ metadata }) => metadata.uid === newUid);
}

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { systemClock } from "@lmos/primitives";
import { expect, test } from "vitest";
import { listeningPort } from "../fault-proxy/listening-port.ts";
import { type CrashScene, crashAtEveryWrite } from "./crash-driver.ts";

const configMaps = "/api/v1/namespaces/a/configmaps";

/** Keeps the names that were created; a second creation is a conflict. */
async function startApi(names: Set<string>): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method === "GET") return response.end(JSON.stringify([...names]));
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const name = Buffer.concat(chunks).toString();
      response.statusCode = names.has(name) ? 409 : 201;
      names.add(name);
      response.end(JSON.stringify({ metadata: { name } }));
    });
    return response;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** A program that makes two ConfigMaps; `isCareful` ones look first what there is. */
function sceneOf(names: Set<string>, isCareful: boolean): CrashScene {
  const wanted = ["one", "two"];
  const run = async (url: string, isKilled: () => boolean): Promise<void> => {
    let attempt = 0;
    for (const name of wanted) {
      attempt += 1;
      const body = isCareful ? name : `${name}-${attempt}-${names.size}`;
      if (!isKilled() && !names.has(name)) await fetch(`${url}${configMaps}`, { method: "POST", body });
    }
  };
  return {
    start: (url) => {
      let killed = false;
      run(url, () => killed).catch(() => undefined); // it was killed
      return {
        kill: async () => {
          killed = true;
        },
      };
    },
    drive: async () => {
      while (names.size < wanted.length) await new Promise((resolve) => setImmediate(resolve));
    },
    observe: async () => [...names].sort(),
  };
}

async function report(isCareful: boolean) {
  const names = new Set<string>();
  const server = await startApi(names);
  const upstream = { server: `http://127.0.0.1:${listeningPort(server)}` };
  const scene = async (): Promise<CrashScene> => {
    names.clear();
    return sceneOf(names, isCareful);
  };
  try {
    return await crashAtEveryWrite({ upstream, clock: systemClock, scene });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("a program that goes on from what there is survives every crash", async () => {
  const { writes, results } = await report(true);
  expect(writes).toEqual(["create configmaps", "create configmaps"]);
  expect(results).toEqual([
    { point: "before", nth: 1, differences: [] },
    { point: "after", nth: 1, differences: [] },
    { point: "before", nth: 2, differences: [] },
    { point: "after", nth: 2, differences: [] },
  ]);
});

test("a program that makes new names each time is found out", async () => {
  const { results } = await report(false);
  const found = results.filter(({ differences }) => differences.length > 0);
  expect(found.map(({ point, nth }) => `${point} ${nth}`)).toContain("after 1");
});

/** `lmos get --watch` where the server ends watches: against one that answers from a script. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeClock } from "@lmos/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runUntil } from "../testing/run-with.ts";

/** One watch: the events that it sends before it ends. */
type Watch = readonly object[];

let folder: string;
let server: Server;
let watches: Watch[];
let asked: string[];
/** Whoever rests for a moment between two watches rests no longer; time-outs, which are longer, are never due. */
class RestlessClock extends FakeClock {
  override sleep(ms: number, options: { readonly signal: AbortSignal }): Promise<void> {
    const slept = super.sleep(ms, options);
    if (ms <= 1000) void this.advance(ms);
    return slept;
  }
}

const clock = new RestlessClock();
const stop = { current: new AbortController() };

beforeEach(async () => {
  stop.current = new AbortController();
  asked = [];
  server = createServer(({ url = "" }, response) => {
    const query = new URL(url, "http://server").searchParams;
    if (query.get("watch") !== "true") return list(response);
    asked.push(query.get("resourceVersion") ?? "");
    const watch = watches.shift();
    if (watch === undefined) stop.current.abort();
    for (const event of watch ?? []) response.write(`${JSON.stringify(event)}\n`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  folder = await mkdtemp(join(tmpdir(), "lmos-watch-"));
  await writeFile(join(folder, "kubeconfig"), kubeconfig((server.address() as AddressInfo).port));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

function list(response: ServerResponse): void {
  const { apiVersion } = agent("a", "1");
  const items = [agent("a", "10")];
  response.end(JSON.stringify({ apiVersion, kind: "AgentList", metadata: { resourceVersion: "10" }, items }));
}

const kubeconfig = (port: number): string =>
  JSON.stringify({
    clusters: [{ name: "one", cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: "one", user: {} }],
    contexts: [{ name: "one", context: { cluster: "one", user: "one" } }],
    "current-context": "one",
  });

function agent(name: string, resourceVersion: string) {
  const metadata = { name, namespace: "default", resourceVersion };
  return { apiVersion: "lmos.eclipse/v1", kind: "Agent", metadata, spec: { providedCapabilities: [] } };
}

async function watch(...script: readonly Watch[]) {
  watches = [...script];
  const { signal } = stop.current;
  const parameters = ["get", "agents", "-w", "--no-headers", "--kubeconfig", "kubeconfig"];
  const outcome = await runUntil({ environment: { workingDirectory: folder }, signal, clock }, ...parameters);
  return { ...outcome, names: outcome.out.split("\n").map((line) => line.split(" ")[0]) };
}

it("watches again from where the last one ended", async () => {
  const { code, names } = await watch(
    [{ type: "ADDED", object: agent("b", "11") }],
    [{ type: "BOOKMARK", object: agent("", "15") }],
    [{ type: "MODIFIED", object: agent("b", "16") }],
  );
  expect(names).toEqual(["a", "b", "b"]);
  expect(asked).toEqual(["10", "11", "15", "16"]);
  expect(code).toBe(0);
});

it("shows everything once more where the server no longer knows what came in between", async () => {
  const expired = { kind: "Status", code: 410, reason: "Expired", message: "too old" };
  const { code, names } = await watch([
    { type: "DELETED", object: agent("b", "12") },
    { type: "ERROR", object: expired },
  ]);
  expect(names).toEqual(["a", "a"]);
  expect(asked).toEqual(["10", "10"]);
  expect(code).toBe(0);
});

it("tells of what was deleted, and of what can't be read", async () => {
  const { hints } = await watch([
    { type: "DELETED", object: agent("b", "12") },
    { type: "ADDED", object: { ...agent("c", "13"), spec: 5 } },
  ]);
  expect(hints.split("\n")).toEqual(["agent b deleted", expect.stringMatching(/^left out c: /)]);
});

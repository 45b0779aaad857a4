/** O20: rights are withdrawn, credentials are refused or replaced. The controller says so and goes on by itself afterwards. */
import { isKubeError } from "@lmos/kube";
import { systemClock } from "@lmos/primitives";
import { type FaultRule, startTcpProxy } from "@lmos/testing";
import { expect, it } from "vitest";
import { servers } from "../kubernetes/server.ts";
import { clientFor, directClient, startFaultPath } from "./harness/access.ts";
import { eventually, patienceMs, pause } from "./harness/eventually.ts";
import { report, seconds } from "./harness/figures.ts";
import { runController } from "./harness/run-controller.ts";
import { createServiceAccount, forbid, permit } from "./harness/service-account.ts";
import { installWidgets, makeWorld, uniqueName, type WidgetsWorld } from "./harness/widgets-world.ts";
import { widgets } from "./widget-controller/widget.ts";

const forMs = 8_000;
const refusals = [
  { fault: "403 for everything about ConfigMaps", status: 403, shown: "Forbidden" },
  { fault: "401 for everything about ConfigMaps", status: 401, shown: "Unauthorized" },
];
const cases = servers.flatMap((server) => refusals.map((each) => ({ ...server, ...each })));

it.concurrent.each(cases)(
  "O20 on the $name API server, $fault: shown, and over when it is over",
  async ({ name, start, fault, status, shown }) => {
    await using server = await start();
    await using path = await startFaultPath(server);
    await using direct = directClient(server);
    await using client = clientFor(path.connection);
    await installWidgets(direct);
    const world = await makeWorld(direct, uniqueName("o20"));
    await using _controller = runController(client, world.namespace);
    await world.write("w", { text: "one", parts: ["a"] });
    await world.converged();
    const rule: FaultRule = { match: { resources: ["configmaps"] }, fault: { kind: "status", status } };
    path.http.setRules([rule]);
    path.http.cutWatches();
    await world.write("w", { text: "two", parts: ["a", "b"] });
    await pause(forMs);
    const isShown = async (): Promise<boolean> => (await readyReason(world)) === shown;
    await eventually("the reason is shown", isShown, patienceMs).catch(() => undefined);
    const reason = await readyReason(world);
    path.http.setRules([]);
    const convergedMs = await world.converged();
    report({
      row: "O20",
      server: name,
      fault: `${fault} for ${forMs / 1000} s`,
      asked: "degrades with a condition, recovers without a restart",
      seen: `converged ${seconds(convergedMs)} after it ended; Ready says ${reason}`,
      reached: reason === shown,
    });
    expect(reason).toBe(shown);
  },
);

it.concurrent("O20 on the real API server: a RoleBinding is withdrawn and given back", async () => {
  await using server = await servers.find(({ name }) => name === "real")?.start();
  if (server === undefined) throw new Error("there is no real server");
  await using direct = directClient(server);
  await installWidgets(direct);
  const world = await makeWorld(direct, uniqueName("o20"));
  await using proxy = await startTcpProxy({
    target: { host: "127.0.0.1", port: portOf(server.url) },
    clock: systemClock,
  });
  const token = await createServiceAccount(server, world);
  await permit(world);
  const url = `https://127.0.0.1:${proxy.port}`;
  await using client = directClient({ ...server, url, token });
  await using _controller = runController(client, world.namespace);
  await world.write("w", { text: "one", parts: ["a"] });
  await world.converged();
  await forbid(world);
  proxy.cut("reset"); // the server itself lets a running watch go on
  await world.write("w", { text: "two", parts: ["a", "b"] });
  await pause(forMs);
  const still = await world.isConverged();
  await permit(world);
  const convergedMs = await world.converged();
  report({
    row: "O20",
    server: "real",
    fault: `RoleBinding deleted for ${forMs / 1000} s, watches cut`,
    asked: "recovers without a restart",
    seen: `nothing written meanwhile: ${!still}; converged ${seconds(convergedMs)} after it was back`,
    reached: !still,
  });
  expect(still).toBe(false);
});

it.concurrent("O20 on the real API server: the token is revoked and replaced", async () => {
  await using server = await servers.find(({ name }) => name === "real")?.start();
  if (server === undefined) throw new Error("there is no real server");
  await using direct = directClient(server);
  await installWidgets(direct);
  const world = await makeWorld(direct, uniqueName("o20"));
  let token = await createServiceAccount(server, world);
  await permit(world);
  const { url, certificateAuthority } = server;
  await using proxy = await startTcpProxy({
    target: { host: "127.0.0.1", port: portOf(url) },
    clock: systemClock,
  });
  await using client = clientFor({
    server: `https://127.0.0.1:${proxy.port}`,
    namespace: world.namespace,
    credentials: async () => ({ headers: { authorization: `Bearer ${token}` }, certificateAuthority }),
  });
  await using _controller = runController(client, world.namespace);
  await world.write("w", { text: "one", parts: ["a"] });
  await world.converged();
  const replaced = await createServiceAccount(server, world); // made anew: tokens of the old one are void
  await eventually("the old token is refused", () => isRefused(server, world, token), patienceMs);
  proxy.cut("reset");
  await world.write("w", { text: "two", parts: ["a", "b"] });
  await pause(3_000);
  const still = await world.isConverged();
  token = replaced;
  const convergedMs = await world.converged();
  report({
    row: "O20",
    server: "real",
    fault: "service account made anew, its new token only 3 s later",
    asked: "recovers without a restart",
    seen: `nothing written meanwhile: ${!still}; converged ${seconds(convergedMs)} after the new token was there`,
    reached: !still,
  });
  expect(still).toBe(false);
});

async function readyReason(world: WidgetsWorld): Promise<string | undefined> {
  const [widget] = await world.widgets();
  return widget?.status?.conditions?.find(({ type }) => type === "Ready")?.reason;
}

async function isRefused(
  server: Parameters<typeof directClient>[0],
  { namespace }: WidgetsWorld,
  token: string,
): Promise<boolean> {
  await using client = directClient({ ...server, token });
  const { signal } = new AbortController();
  return client.list(widgets, { namespace, signal }).then(
    () => false,
    (error) => isKubeError(error, "Unauthorized"),
  );
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** Row D23: what an agent's name leads to, its certificate, and who signed that, change while turns run. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { selfSigned } from "../../packages/kube/src/testing/self-signed.ts";
import { figure } from "./harness/figures.ts";
import { fileRoutingTo } from "./harness/file-routing.ts";
import { openLoad } from "./harness/open-load.ts";
import { startRuntimeProcess } from "./harness/runtime-process.ts";
import { startScriptedAgent } from "./harness/scripted-agent.ts";
import { sendPatiently, type TurnOutcome } from "./harness/turns.ts";

const socketAgeMs = 1000;
const perSecond = 100;
let folder: string;
let routingsPath: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lmos-names-"));
  routingsPath = join(folder, "routings.json");
});
afterAll(() => rmSync(folder, { recursive: true }));

const failed = (outcomes: readonly TurnOutcome[]): number =>
  outcomes.filter(({ status }) => status !== 200).length;

test("D23 an agent's name leads elsewhere under load: no turn fails, and all go there", async () => {
  const namesPath = join(folder, "names.json");
  const lead = (address: string): void => writeFileSync(namesPath, JSON.stringify({ "agent.test": address }));
  await using before = await startScriptedAgent({ host: "127.0.0.2" });
  await using after = await startScriptedAgent({ host: "127.0.0.3", port: before.port });
  lead("127.0.0.2");
  writeFileSync(routingsPath, fileRoutingTo(`agent.test:${before.port}`));
  await using runtime = await startRuntimeProcess({
    routings: { kind: "file", path: routingsPath },
    limits: { socketAgeMs },
    namesPath,
  });
  const load = openLoad({
    port: runtime.port,
    name: "d23-names",
    perSecond,
    ms: 8000,
    content: "!wait 20",
    patient: true,
  });
  await sleep(2000);
  lead("127.0.0.3");
  const changedAt = performance.now();
  let old = before.ledger.asked.length;
  let lastAskedMs = 0;
  while (performance.now() - changedAt < 4000) {
    if (before.ledger.asked.length > old) lastAskedMs = performance.now() - changedAt;
    old = before.ledger.asked.length;
    await sleep(10);
  }
  await before[Symbol.asyncDispose]();
  const outcomes = await load;
  figure({
    row: "D23",
    fault: "an agent's name leads to another address, and the old one ends 4 s later",
    asked: "resolved anew at each connection; 0 errors under load",
    seen: `${failed(outcomes)} of ${outcomes.length} turns failed; the old address was asked for ${(lastAskedMs / 1000).toFixed(1)} s more (sockets live ${socketAgeMs / 1000} s here); ${after.ledger.asked.length} turns went to the new one`,
    reached: failed(outcomes) === 0 && lastAskedMs <= 2 * socketAgeMs,
  });
  expect(failed(outcomes)).toBe(0);
  expect(after.ledger.asked.length).toBeGreaterThan(100);
  expect(lastAskedMs).toBeLessThan(3 * socketAgeMs);
});

test("D23 certificates and who signed them are replaced under load: no turn fails", async () => {
  const caPath = join(folder, "ca.pem");
  const [first, second] = await Promise.all(["first", "second"].map((name) => selfSigned(name, Date.now())));
  if (first === undefined || second === undefined) throw new Error("no certificates");
  const trust = (...signers: readonly { readonly cert: string }[]): void =>
    writeFileSync(caPath, signers.map(({ cert }) => cert).join("\n"));
  trust(first);
  const server = createServer(first);
  await using agent = await startScriptedAgent({ server });
  writeFileSync(routingsPath, fileRoutingTo(`wss://localhost:${agent.port}`));
  await using runtime = await startRuntimeProcess({
    routings: { kind: "file", path: routingsPath },
    limits: { socketAgeMs },
    agentsCa: caPath,
  });
  const load = openLoad({
    port: runtime.port,
    name: "d23-tls",
    perSecond,
    ms: 10_000,
    content: "!wait 20",
    patient: true,
  });
  await sleep(1500);
  trust(first, second);
  await sleep(3000); // a runtime looks at the file each second
  const before = agent.ledger.upgrades;
  server.setSecureContext(second);
  await sleep(2 * socketAgeMs);
  trust(second);
  const outcomes = await load;
  const renewed = agent.ledger.upgrades - before;
  figure({
    row: "D23",
    fault: "the certificate of an agent, and who signed it, are replaced",
    asked: "reloaded without a restart; 0 errors under load",
    seen: `${failed(outcomes)} of ${outcomes.length} turns failed; ${renewed} connections with the new certificate`,
    reached: failed(outcomes) === 0 && renewed > 0,
  });
  expect(failed(outcomes)).toBe(0);
  expect(renewed).toBeGreaterThan(0);

  const expired = await selfSigned("expired", Date.now() - 3 * 86_400_000);
  trust(second, expired);
  await sleep(2000);
  const send = () =>
    sendPatiently({ port: runtime.port, turnId: `d23-${performance.now()}`, content: "hello" });
  server.setSecureContext(expired);
  await expect.poll(async () => (await send()).status, { timeout: 10_000, interval: 100 }).toBe(503);
  server.setSecureContext(await selfSigned("unknown", Date.now()));
  const unknown = await send();
  server.setSecureContext(second);
  const mendedAt = performance.now();
  await expect.poll(async () => (await send()).status, { timeout: 20_000, interval: 100 }).toBe(200);
  figure({
    row: "D23",
    fault: "the certificate has expired, then is signed by nobody who is trusted, then is good again",
    asked: "refused; good again without a restart",
    seen: `503, ${unknown.status}, 200 after ${((performance.now() - mendedAt) / 1000).toFixed(1)} s`,
    reached: unknown.status === 503,
  });
  expect(unknown.status).toBe(503);
});

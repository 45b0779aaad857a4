/** Row S13: a runtime that crashes while turns with personal data and secrets are under way tells nothing of them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canaries, canaryWord } from "../../packages/runtime/src/testing/canaries.ts";
import { startCommandWith } from "./harness/command-process.ts";
import { fileRoutingTo } from "./harness/file-routing.ts";
import { type ScriptedAgent, startScriptedAgent } from "./harness/scripted-agent.ts";
import { sendTurn } from "./harness/turns.ts";

let folder: string;
let agent: ScriptedAgent;
let routings: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lmos-crashes-"));
  agent = await startScriptedAgent();
  routings = join(folder, "routings.json");
  await writeFile(routings, fileRoutingTo(`127.0.0.1:${agent.port}`));
});
afterAll(async () => {
  await agent[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const crashOnSignal = fileURLToPath(new URL("harness/crash-on-signal.ts", import.meta.url));

interface Crash {
  readonly name: string;
  readonly signal: NodeJS.Signals;
  /** What is said of the error on the log's last line; undefined where the process is gone before it can say anything. */
  readonly says: { readonly origin: string; readonly error: string } | undefined;
  readonly ends: number | NodeJS.Signals;
}

const caughtByNobody = { signal: "SIGUSR2", ends: 1 } as const;
const thrown = { origin: "uncaughtException" } as const;
const rejected = { origin: "unhandledRejection" } as const;
/** What Node makes of a rejection with what is no error; its message has the text. */
const notAnError = "UnhandledPromiseRejection ERR_UNHANDLED_REJECTION";
const crashes: readonly Crash[] = [
  { name: "thrown", ...caughtByNobody, says: { ...thrown, error: "TypeError" } },
  { name: "parsed", ...caughtByNobody, says: { ...thrown, error: "SyntaxError" } },
  { name: "thrown-text", ...caughtByNobody, says: { ...thrown, error: "thrown: string" } },
  { name: "rejected", ...caughtByNobody, says: { ...rejected, error: "Error" } },
  { name: "rejected-text", ...caughtByNobody, says: { ...rejected, error: notAnError } },
  { name: "rejected-object", ...caughtByNobody, says: { ...rejected, error: notAnError } },
  { name: "out-of-memory", signal: "SIGUSR2", says: undefined, ends: "SIGABRT" },
  { name: "SIGSEGV", signal: "SIGSEGV", says: undefined, ends: "SIGSEGV" },
  { name: "SIGABRT", signal: "SIGABRT", says: undefined, ends: "SIGABRT" },
  { name: "SIGBUS", signal: "SIGBUS", says: undefined, ends: "SIGBUS" },
];

test.each(crashes)(
  "S13 a runtime that crashes ($name) with 25 canaries under way tells none of them",
  async ({ name, signal, says, ends }) => {
    const text = canaries.map((canary) => canary.text.replaceAll("\u0000", "")).join(" "); // no variable can hold a NUL
    await using runtime = await startCommandWith(
      {
        nodeOptions: [`--import=${crashOnSignal}`, "--max-old-space-size=150"],
        variables: { CRASH: name, CRASH_TEXT: text },
      },
      ...["--routings", routings, "--log-level", "debug"],
    );
    const before = agent.ledger.asked.length;
    const turns = canaries.map(({ text: content }, at) =>
      sendTurn({ port: runtime.port, turnId: `${name}-${at}`, content: `!hang ${content}` }),
    );
    await expect.poll(() => agent.ledger.asked.length - before, { timeout: 10_000 }).toBe(canaries.length);
    runtime.signal(signal);
    expect(await runtime.ended).toBe(ends);
    await Promise.allSettled(turns);
    expect(runtime.output).not.toMatch(canaryWord);
    expect(runtime.output).not.toContain("Musterstra");
    if (says === undefined) return;
    const last: unknown = JSON.parse(runtime.log.at(-1) ?? "");
    const message = {
      level: "error",
      msg: "The process ends, as nobody caught an error",
      component: "runtime",
    };
    expect(last).toMatchObject({ ...message, ...says });
  },
);

import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { identityOf } from "../guard/process-identity.ts";
import { createSpawner, type SpawnedProcess } from "./spawner.ts";

let directory = "";
let output = "";
let held: number[] = [];

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "lmos-spawner-")));
  output = "";
  held = [];
});
afterEach(() => rmSync(directory, { recursive: true }));

function collect(text: string): void {
  output += text;
}

function run(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<SpawnedProcess> {
  const custodian = {
    hold: (pid: number) => void held.push(pid),
    release: (pid: number) => {
      held = held.filter((other) => other !== pid);
    },
  };
  const decoder = new TextDecoder();
  const sink = { write: (chunk: Uint8Array) => collect(decoder.decode(chunk)), end: () => undefined };
  return createSpawner({ custodian }).spawn({ argv, environment, workingDirectory: directory, output: sink });
}

const node = (script: string): readonly string[] => [process.execPath, "-e", script];

test("runs a program in its folder with exactly its environment, and collects both outputs", async () => {
  const script =
    "console.log(process.cwd(), JSON.stringify(process.env)); console.error('bad'); process.exit(7)";
  const program = await run(node(script), { ONLY: "this" });
  expect(held).toEqual([program.pid]);
  expect(await program.exited).toEqual({ code: 7, signal: null });
  expect(held).toEqual([]);
  await expect.poll(() => output).toContain("bad\n");
  expect(output).toContain(`${directory} {"ONLY":"this"}\n`);
});

test("says what could not be started, and where", async () => {
  await expect(run(["./no-such-program"])).rejects.toMatchObject({
    code: "SpawnFailed",
    message: expect.stringContaining(`cannot start ./no-such-program in ${directory}`),
  });
  expect(held).toEqual([]);
});

test("signals reach what the program has started", async () => {
  const child = "require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])";
  const program = await run(node(`console.log(${child}.pid); setInterval(() => {}, 1000)`));
  await expect.poll(() => output).toMatch(/^\d+\n/);
  const grandchild = Number(output);
  program.signal("SIGTERM");
  expect(await program.exited).toEqual({ code: null, signal: "SIGTERM" });
  await expect.poll(() => identityOf(grandchild)).toBeUndefined();
});

test("what a program leaves behind ends with it", async () => {
  const child =
    "require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })";
  const program = await run(node(`console.log(${child}.pid); process.exit(0)`));
  await program.exited;
  await expect.poll(() => output).toMatch(/^\d+\n/);
  await expect.poll(() => identityOf(Number(output))).toBeUndefined();
});

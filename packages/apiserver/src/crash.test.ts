import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { FakeClock } from "@lmos/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestClient, openTestServer } from "./testing/client.ts";

const program = `
  const { openTestServer } = await import(process.argv[1]);
  const { systemClock } = await import("@lmos/primitives");
  const { port, token, certificateAuthority } = await openTestServer(process.argv[2], { clock: systemClock });
  console.log(JSON.stringify({ port, token, certificateAuthority }));
`;
const configMaps = "/api/v1/namespaces/default/configmaps";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lmos-apiserver-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("a killed server has lost nothing that it acknowledged, and its folder is free at once", async () => {
  const child = spawnServer(directory);
  const acknowledged = new Map<string, string>();
  await using client = createTestClient(await connectionOf(child));
  const writer = async (prefix: string): Promise<void> => {
    for (let index = 0; ; index += 1) {
      const body = { metadata: { name: `${prefix}${index}` } };
      const { object, text } = await client.send("POST", configMaps, { body });
      if (object["kind"] !== "ConfigMap") return;
      acknowledged.set(`${prefix}${index}`, text);
      if (acknowledged.size === 100) child.kill("SIGKILL");
    }
  };
  const writers = ["a", "b", "c", "d", "e", "f", "g", "h"].map((prefix) =>
    writer(prefix).catch(() => undefined),
  ); // cut off by the kill
  await Promise.all([...writers, once(child, "exit")]);

  await using server = await openTestServer(directory, { clock: new FakeClock() });
  await using survivor = createTestClient(server);
  expect(acknowledged.size).toBeGreaterThanOrEqual(100);
  for (const [name, text] of acknowledged) {
    expect((await survivor.send("GET", `${configMaps}/${name}`)).text).toBe(text);
  }
});

function spawnServer(folder: string): ChildProcess {
  const module = new URL("./testing/client.ts", import.meta.url).href;
  const options = ["--conditions=@lmos/source", "--input-type=module", "--eval", program, module, folder];
  return spawn(process.execPath, options, { cwd: import.meta.dirname, stdio: ["ignore", "pipe", "inherit"] });
}

async function connectionOf(child: ChildProcess): Promise<Parameters<typeof createTestClient>[0]> {
  if (child.stdout === null) throw new Error("the server's output is not piped");
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return JSON.parse(String(line));
}

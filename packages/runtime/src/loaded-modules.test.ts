import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

/** Runs in a process of its own: this one has loaded the tests. */
const listing = `
  import { registerHooks } from "node:module";
  const files = [];
  registerHooks({ load: (url, context, next) => (files.push(url), next(url, context)) });
  await import("@lmos/runtime");
  process.stdout.write(JSON.stringify([...files, ...process.moduleLoadList]));
`;

describe("what a runtime loads before it knows what it is to serve", () => {
  let loaded: readonly string[] = [];
  beforeAll(async () => {
    const cwd = fileURLToPath(new URL("..", import.meta.url));
    const parameters = ["--conditions=@lmos/source", "--input-type=module", "--eval", listing];
    const { stdout } = await promisify(execFile)(process.execPath, parameters, { cwd, maxBuffer: 2 ** 24 });
    loaded = z.array(z.string()).parse(JSON.parse(stdout));
  }, 60_000); // a process that starts beside other work

  it.each([
    { name: "keys of an OpenID provider", part: "/node_modules/jose/" },
    { name: "a store in Redis", part: "/node_modules/@redis/" },
    { name: "a file of routings", part: "/node_modules/yaml/" },
    { name: "an API server", part: "/node_modules/undici/" },
    { name: "a kubeconfig", part: "/node_modules/@kubernetes/" },
    { name: "a language model", part: "/node_modules/ai/" },
    { name: "a collector of traces", part: "/node_modules/@opentelemetry/sdk" },
    { name: "Node's own fetch", part: "internal/deps/undici" },
  ])("has nothing that only $name needs", ({ part }) => {
    expect(loaded.filter((module) => module.includes(part))).toEqual([]);
  });

  it("is listed whole", () => {
    for (const part of ["/runtime/src/index.ts", "/node_modules/fastify/", "/node_modules/ws/"]) {
      expect(loaded.some((module) => module.includes(part))).toBe(true);
    }
  });
});

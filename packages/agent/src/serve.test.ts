import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type LogFields, type Logger, silentLogger } from "@lmos/primitives";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { defineAgent } from "./define-agent.ts";
import { serve } from "./serve.ts";
import { TestCaller } from "./test-caller.ts";

const profile = {
  name: "echo-agent",
  description: "Repeats.",
  capabilities: [{ name: "echo", version: "1.0.0", description: "Repeats", examples: [] }],
  supportedChannels: ["web"],
};
const agent = defineAgent({ ...profile, respond: ({ message }) => message });
const quiet = { host: "127.0.0.1", logger: silentLogger };

afterEach(() => vi.unstubAllEnvs());

describe("serve", () => {
  it("takes its address from the environment, and what is given before that", async () => {
    vi.stubEnv("PORT", "0");
    vi.stubEnv("HOST", "127.0.0.1");
    await using served = await serve(agent, { logger: silentLogger });
    expect(served.host).toBe("127.0.0.1");
    expect((await fetch(`http://127.0.0.1:${served.port}/health`)).status).toBe(200);
    vi.stubEnv("PORT", "nonsense");
    await using second = await serve(agent, { ...quiet, port: 0 });
    expect(second.port).not.toBe(served.port);
  });

  it.each(["eighty", "-1", "70000", " ", "8080 ", "0x50", "1e3", "80.0"])(
    "refuses PORT=%s with the remedy",
    async (port) => {
      vi.stubEnv("PORT", port);
      await expect(serve(agent, quiet)).rejects.toMatchObject({
        code: "InvalidEnvironment",
        message: `PORT "${port}": write a number from 0 to 65535`,
      });
    },
  );

  it("refuses no agent, and two of one name", async () => {
    await expect(serve([], quiet)).rejects.toMatchObject({ code: "InvalidDefinition" });
    await expect(serve([agent, agent], quiet)).rejects.toMatchObject({
      message: 'agents "echo-agent": two have that name; rename one',
    });
  });

  it("warns of a capability without examples", async () => {
    const warnings: unknown[] = [];
    const logger: Logger = {
      ...silentLogger,
      warn: (_message: string, fields?: LogFields) => void warnings.push(fields),
    };
    await using _ = await serve(agent, { ...quiet, port: 0, logger });
    expect(warnings).toEqual([{ agent: "echo-agent", capability: "echo" }]);
  });

  it("drains and closes when its signal is aborted, also one that was aborted before", async () => {
    const controller = new AbortController();
    const served = await serve(agent, { ...quiet, port: 0, signal: controller.signal });
    controller.abort();
    await served.stop();
    await expect(fetch(`http://127.0.0.1:${served.port}/health`)).rejects.toThrow();
    const stillborn = await serve(agent, { ...quiet, port: 0, signal: AbortSignal.abort() });
    await stillborn.stop();
  });
});

describe("the example of the README", () => {
  const logLine = z.object({ msg: z.string(), port: z.number().optional() });

  it.each(["SIGTERM", "SIGINT"] as const)("runs, answers, and ends with 0 after %s", async (signal) => {
    const child = runReadmeExample();
    const exited = once(child, "exit");
    try {
      const port = await servedPort(child);
      expect(await askAt(port, "How much is invoice 4711?")).toBe(
        "Invoice 4711: 29.90 €, due on 1 December.",
      );
      child.kill(signal);
      expect(await exited).toEqual([0, null]);
    } finally {
      child.kill("SIGKILL");
    }
  });

  function runReadmeExample(): ChildProcess {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const code = readme.match(/```ts\n([\s\S]*?)```/)?.[1] ?? "";
    return spawn(
      process.execPath,
      ["--conditions=@lmos/source", "--input-type=module-typescript", "--eval", code],
      {
        cwd: fileURLToPath(new URL("..", import.meta.url)),
        env: { PORT: "0", HOST: "127.0.0.1" },
        stdio: ["ignore", "inherit", "pipe"],
      },
    );
  }

  async function servedPort({ stderr }: ChildProcess): Promise<number> {
    if (stderr === null) throw new Error("no stderr");
    const said: string[] = [];
    for await (const line of createInterface({ input: stderr })) {
      said.push(line);
      const { msg, port } = line.startsWith("{") ? logLine.parse(JSON.parse(line)) : { msg: "", port: 0 };
      if (msg === "Agent is served" && port !== undefined) return port;
    }
    throw new Error(said.join("\n"));
  }

  async function askAt(port: number, content: string): Promise<unknown> {
    using caller = await TestCaller.acknowledged({ port });
    const query =
      'subscription($c: String!){agent(request:{messages:[{role:"user",content:$c}],conversationContext:{conversationId:"1"}}){messages{content}}}';
    caller.subscribe("s1", query, { c: content });
    const frame = z.object({
      payload: z.object({
        data: z.object({ agent: z.object({ messages: z.array(z.object({ content: z.string() })) }) }),
      }),
    });
    return frame.parse(await caller.next()).payload.data.agent.messages[0]?.content;
  }
});

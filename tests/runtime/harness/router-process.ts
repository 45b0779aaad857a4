/** Starts the router service as the command does it, in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** A router service that runs. Disposing it kills it. */
export interface RouterProcess extends AsyncDisposable {
  /** Asks one of LMOS' paths below `/api/v1/routings/` about a message. */
  ask(path: string, message: string): Promise<RouterAnswer>;
  /** How many messages words have decided so far, as its metrics say. */
  fallbacks(): Promise<number>;
}

/** What it answered. */
export interface RouterAnswer {
  readonly at: number;
  readonly ms: number;
  readonly status: number;
  readonly body: unknown;
}

/** What it is asked with. */
export interface RouterProcessOptions {
  /** File of its agents, which are those of acme's web channel. */
  readonly agentsPath: string;
  readonly embeddingUrl: string;
  readonly qdrantUrl: string;
}

const lineSchema = z.object({ msg: z.string(), port: z.number().optional() });

/** Starts one, and waits until it listens. */
export async function startRouterProcess(options: RouterProcessOptions): Promise<RouterProcess> {
  const main = fileURLToPath(new URL("../../../packages/cli/src/main.ts", import.meta.url));
  const parameters = [
    ...["router", "serve", "--host", "127.0.0.1", "--port", "0"],
    ...["--agents", options.agentsPath, "--tenant", "acme", "--channel", "web"],
    ...["--embedding", "openai:stub", "--embedding-url", options.embeddingUrl],
    ...["--qdrant-url", options.qdrantUrl],
  ];
  const child = spawn(process.execPath, ["--conditions=@lmos/source", main, ...parameters], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(child, "exit");
  const port = await portOf(child, exited);
  return {
    ask: (path, message) => ask(`http://127.0.0.1:${port}/api/v1/routings/${path}`, message),
    fallbacks: async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return Number(/^lmos_router_fallbacks_total\{.*\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** The port that its log tells; the rest of the log is dropped. */
async function portOf(child: ChildProcess, exited: Promise<unknown>): Promise<number> {
  if (child.stderr === null) throw new TypeError("its log is a pipe");
  const lines = createInterface(child.stderr);
  const told = Promise.withResolvers<number>();
  lines.on("line", (line) => {
    const { msg, port } = lineSchema.safeParse(parseJson(line)).data ?? {};
    if (msg === "The router listens" && port !== undefined) told.resolve(port);
  });
  void exited.then(() => told.reject(new Error(`the router is gone: ${child.exitCode ?? child.signalCode}`)));
  return told.promise;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function ask(url: string, userMessage: string): Promise<RouterAnswer> {
  const at = performance.now();
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      inputContext: { userMessage },
      systemContext: { tenantId: "acme", channelId: "web" },
    }),
  });
  const body: unknown = await response.json();
  return { at, ms: performance.now() - at, status: response.status, body };
}

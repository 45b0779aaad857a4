/** A real redis-server, alone or as a group with a Sentinel, on free ports of loopback and in a folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A server that runs. Disposing it kills it. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts one; more arguments are settings, such as `--replicaof`. */
export async function startRedisServer(...settings: readonly string[]): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "lmos-redis-"));
  const common = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
  return startProcess([...common, "--repl-diskless-sync-delay", "0", ...settings], { port, folder });
}

/** A Sentinel over a primary, which it gives up after half a second. */
export async function startSentinel(name: string, primary: RedisServer): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "lmos-sentinel-"));
  const file = join(folder, "sentinel.conf");
  const lines = [
    `port ${port}`,
    "bind 127.0.0.1",
    `sentinel monitor ${name} 127.0.0.1 ${primary.port} 1`,
    `sentinel down-after-milliseconds ${name} 500`,
    `sentinel failover-timeout ${name} 2000`,
  ];
  writeFileSync(file, lines.join("\n"));
  return startProcess([file, "--sentinel"], { port, folder });
}

/** Sends one command in the inline form and gives back what came first. */
export async function askRedis(port: number, command: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(`${command}\r\n`);
  const [reply] = await once(socket, "data");
  socket.destroy();
  return String(reply).trim();
}

async function startProcess(
  args: readonly string[],
  { port, folder }: { readonly port: number; readonly folder: string },
): Promise<RedisServer> {
  const child = spawn("redis-server", args, { stdio: "ignore" });
  const exited = Promise.race([once(child, "exit"), once(child, "error")]);
  exited.catch(() => undefined);
  await whenListening(port, child);
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  return {
    port,
    kill,
    [Symbol.asyncDispose]: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function whenListening(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    if (child.pid === undefined)
      throw new Error("redis-server is not installed: apt-get install redis-server, or put it into PATH");
    if ((await askRedis(port, "PING").catch(() => "")) === "+PONG") return;
    await sleep(20);
  }
  throw new Error(`redis-server does not listen on ${port}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await once(server.close(), "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

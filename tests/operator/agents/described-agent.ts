/** Agents that are processes of their own and describe themselves as a test tells them to. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const program = fileURLToPath(new URL("./described-agent-program.ts", import.meta.url));

const saidSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("listening"), port: z.number() }),
  z.object({ kind: z.literal("asked"), requests: z.number() }),
  z.object({ kind: z.literal("told") }),
]);
type Said = z.infer<typeof saidSchema>;

/** An agent that runs. Disposing it ends its process. */
export interface DescribedAgent extends AsyncDisposable {
  readonly port: number;
  /** What it says of itself from now on; text is sent as it stands. With a path it is nowhere else. */
  announce(document: unknown, path?: string): Promise<void>;
  /** How often anything was asked of it. */
  readonly requests: () => number;
}

/** Starts one on a free port of the loopback interface. */
export async function startDescribedAgent(document: unknown, path?: string): Promise<DescribedAgent> {
  const child = fork(program, { execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  let requests = 0;
  child.on("message", (message) => {
    const said = saidSchema.parse(message);
    if (said.kind === "asked") requests = said.requests;
  });
  const listening = await nextSaid(child, "listening");
  if (listening.kind !== "listening") throw new Error("it does not listen");
  const announce = async (described: unknown, where?: string): Promise<void> => {
    const text = typeof described === "string" ? described : JSON.stringify(described);
    const heard = nextSaid(child, "told");
    child.send({ text, path: where });
    await heard;
  };
  await announce(document, path);
  return {
    port: listening.port,
    announce,
    requests: () => requests,
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function nextSaid(child: ChildProcess, kind: Said["kind"]): Promise<Said> {
  const { promise, resolve, reject } = Promise.withResolvers<Said>();
  const onMessage = (message: unknown): void => {
    const said = saidSchema.parse(message);
    if (said.kind === kind) resolve(said);
  };
  const onExit = (): void => reject(new Error(`the agent ended before it was ${kind}`));
  child.on("message", onMessage).once("exit", onExit);
  try {
    return await promise;
  } finally {
    child.off("message", onMessage).off("exit", onExit);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

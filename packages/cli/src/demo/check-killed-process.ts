import type { Laptop } from "../laptop/start-laptop.ts";
import { waitFor } from "../laptop/wait.ts";
import { ask, type ChatAnswer } from "../runtime-client.ts";
import { acmeTurn } from "./acme.ts";
import type { CheckScene } from "./check-scene.ts";

const agentName = "network-agent";
const timeoutMs = 20_000;

/** Kills an agent's process: it is started again, and answers. */
export async function checkKilledProcess({ laptop, runtimeUrl, checks, context }: CheckScene): Promise<void> {
  checks.section(`killing the process of ${agentName}`);
  const { clock, ids, signal } = context;
  const wait = { clock, signal, timeoutMs };
  const before = processOf(laptop);
  if (before === undefined) return checks.record("it runs", false);
  process.kill(before, "SIGKILL");
  await checks.expect("another process takes its place", () =>
    waitFor("a new process", async () => otherProcess(laptop, before), wait),
  );
  await checks.expect("it answers", () =>
    waitFor(
      `an answer of ${agentName}`,
      (call) =>
        answerOfAgent(
          acmeTurn({ runtimeUrl, channel: "web", message: "Is there an outage in my area?", id: ids.next() }),
          call,
        ),
      wait,
    ),
  );
}

function processOf({ cluster }: Laptop): number | undefined {
  const found = cluster.processes().find(({ deployment }) => deployment.name === agentName);
  return found?.state.kind === "running" ? found.state.pid : undefined;
}

function otherProcess(laptop: Laptop, before: number): number | undefined {
  const now = processOf(laptop);
  return now === before ? undefined : now;
}

async function answerOfAgent(
  turn: Parameters<typeof ask>[0],
  call: { readonly signal: AbortSignal },
): Promise<ChatAnswer | undefined> {
  const answer = await ask(turn, call).catch(() => undefined); // refused while the agent is away: asked again
  call.signal.throwIfAborted();
  return answer?.agent === agentName ? answer : undefined;
}

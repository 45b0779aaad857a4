/** Runs kubectl against one server, with a home of its own so that nothing of this machine's user shows through. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/** Which kubectl, for whom, where. */
export interface Kubectl {
  readonly program: string;
  readonly kubeconfigPath: string;
  /** Its cache of discovery lives here. */
  readonly home: string;
  readonly namespace: string;
}

/** What one run is given beside its parameters. */
export interface KubectlInput {
  readonly input?: string | undefined;
  readonly editor?: string | undefined;
}

export interface KubectlResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

const timeoutMs = 100_000;
/** Until a command that follows has written a line: a busy machine takes seconds to start it. */
const linesWithinMs = 60_000;

/** Runs it to its end. */
export async function runKubectl(
  kubectl: Kubectl,
  parameters: readonly string[],
  given: KubectlInput,
): Promise<KubectlResult> {
  const child = start(kubectl, parameters, given);
  const [stdout, stderr, [exit]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { exit: exit ?? -1, stdout, stderr };
}

/** Runs it until it has written some lines, calls `during`, waits for more lines, and ends it. */
export async function followKubectl(
  kubectl: Kubectl,
  parameters: readonly string[],
  follow: { readonly lines: number; readonly moreLines: number; readonly during: () => Promise<void> },
): Promise<KubectlResult> {
  const child = start(kubectl, parameters, {});
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const stderr = text(child.stderr);
  await untilLines(lines, follow.lines, child);
  await follow.during();
  await untilLines(lines, follow.lines + follow.moreLines, child);
  child.kill("SIGINT");
  return { exit: 0, stdout: `${lines.join("\n")}\n`, stderr: await stderr };
}

function start(
  { program, kubeconfigPath, home, namespace }: Kubectl,
  parameters: readonly string[],
  given: KubectlInput,
) {
  const child = spawn(program, ["--kubeconfig", kubeconfigPath, "--namespace", namespace, ...parameters], {
    env: { PATH: process.env["PATH"], HOME: home, KUBE_EDITOR: given.editor ?? "false", TZ: "UTC" },
    timeout: timeoutMs,
  });
  child.stdin.on("error", () => undefined); // it did not want its input
  child.stdin.end(given.input ?? "");
  return child;
}

async function untilLines(lines: readonly string[], count: number, child: ChildProcess): Promise<void> {
  const until = performance.now() + linesWithinMs;
  while (lines.length < count) {
    if (performance.now() > until || child.exitCode !== null) {
      child.kill("SIGKILL");
      throw new Error(`expected ${count} lines, got:\n${lines.join("\n")}`);
    }
    await sleep(20);
  }
}

/** The kubectl that belongs to the real server. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { findParts, pathOf } from "../../kubernetes/parts.ts";

/** What a command came to. */
export interface Outcome {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs it against the server of that kubeconfig. */
export type Kubectl = (parameters: readonly string[], input?: string) => Promise<Outcome>;

/** Finds the program; what it is given to read comes from `input` (`-f -`). */
export async function findKubectl(kubeconfigPath: string): Promise<Kubectl> {
  const path = pathOf(await findParts(["kubectl"]), "kubectl");
  return async (parameters, input = "") => {
    const child = spawn(path, ["--kubeconfig", kubeconfigPath, ...parameters], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { HOME: "/nonexistent" },
    });
    child.stdin.end(input);
    const reading = Promise.all([text(child.stdout), text(child.stderr)]);
    const [status] = await once(child, "close");
    const [output, errors] = await reading;
    return { status, output, errors };
  };
}

/** The same, but a failure is thrown with what was said. */
export function insisting(
  kubectl: Kubectl,
): (parameters: readonly string[], input?: string) => Promise<string> {
  return async (parameters, input) => {
    const { status, output, errors } = await kubectl(parameters, input);
    if (status !== 0) throw new Error(`kubectl ${parameters.join(" ")}: ${errors}`);
    return output;
  };
}

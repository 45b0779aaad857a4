import { systemClock } from "@lmos/primitives";
import { startHttpProxy } from "@lmos/testing";
import { type ServerAccess, upstreamOf } from "../../faults/harness/access.ts";
import { type Program, startProgram } from "../../faults/harness/program.ts";

/** As in deploy/kubernetes. */
const nodeOptions = ["--max-semi-space-size=4"];

/** Starts the operator as a process that works in one namespace; its proxy, which lets it in, ends with the stack. */
export async function startOperatorProgram(
  server: ServerAccess,
  stack: AsyncDisposableStack,
  parameters: readonly [namespace: string, grants?: "enforce"],
): Promise<Program> {
  const proxy = stack.use(await startHttpProxy({ upstream: upstreamOf(server), clock: systemClock }));
  const program = stack.use(
    startProgram(
      "../operator/harness/operator-program.ts",
      [proxy.url, ...parameters.filter((one) => one !== undefined)],
      nodeOptions,
    ),
  );
  await program.whenSaid("working");
  return program;
}

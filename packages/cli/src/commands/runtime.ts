/** `lmos runtime`: takes messages, finds the agent for each, streams its answer. */
import { loadStaticModel } from "@lmos/embeddings";
import { startRuntime } from "@lmos/runtime";
import { Command } from "commander";
import { connect } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import {
  addressesOf,
  componentLogger,
  type ServerOptions,
  serveUntilStopped,
  withServerOptions,
} from "../server-options.ts";

/** The command `runtime`. */
export function runtimeCommand(context: CommandContext): Command {
  const command = new Command("runtime").addHelpText(
    "after",
    "\nExamples:\n  lmos runtime                     # in a pod\n  lmos runtime --port 0 --log-level debug",
  );
  return withServerOptions(command, 8081).action(async (options: ServerOptions) => {
    await using target = connect(options, context);
    const { clock, random, ids, signal } = context;
    const embedding = await loadStaticModel({ signal });
    const start = () =>
      startRuntime({
        client: target.client,
        embedding,
        logger: componentLogger("runtime", options),
        local: options.local === true,
        namespace: options.namespace,
        ...addressesOf(options),
        ...{ clock, random, ids, signal },
      });
    await serveUntilStopped(start, context);
  });
}

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

interface RuntimeCommandOptions extends ServerOptions {
  readonly agentsUrl?: string;
}

/** The command `runtime`. */
export function runtimeCommand(context: CommandContext): Command {
  const command = new Command("runtime").addHelpText(
    "after",
    "\nExamples:\n  lmos runtime                     # in a pod\n  lmos runtime --port 0 --log-level debug",
  );
  const withOptions = withServerOptions(command, 8081).option(
    "--agents-url <url>",
    "URL under which agents reach this runtime to ask other agents (else its loopback address)",
  );
  return withOptions.action(async (options: RuntimeCommandOptions) => {
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
        agentsUrl: options.agentsUrl,
        ...addressesOf(options),
        ...{ clock, random, ids, signal },
      });
    await serveUntilStopped(start, context);
  });
}

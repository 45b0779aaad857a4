/** `lmos operator`: discovers agents, wires channels, serves the read API. */
import { startOperator } from "@lmos/operator";
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

/** The command `operator`. */
export function operatorCommand(context: CommandContext): Command {
  const command = new Command("operator").addHelpText(
    "after",
    "\nExamples:\n  lmos operator                    # in a pod\n  lmos operator --kubeconfig ~/.kube/config --namespace shop",
  );
  return withServerOptions(command, 8080).action(async (options: ServerOptions) => {
    await using target = connect(options, context);
    const { clock, random, ids, signal } = context;
    const start = () =>
      startOperator({
        client: target.client,
        logger: componentLogger("operator", options),
        local: options.local === true,
        namespace: options.namespace,
        ...addressesOf(options),
        ...{ clock, random, ids, signal },
      });
    await serveUntilStopped(start, context);
  });
}

/** `lmos router`: tools for those who write agents' examples, and the router as a service. */
import { Command } from "commander";
import type { CommandContext } from "../context.ts";
import { calibrateCommand } from "./router/calibrate.ts";
import { evalCommand } from "./router/eval.ts";
import { lintCommand } from "./router/lint.ts";
import { serveCommand } from "./router/serve.ts";

/** The command `router` with its commands. */
export function routerCommand(context: CommandContext): Command {
  const command = new Command("router").addHelpText(
    "after",
    "\nExamples:\n  lmos router lint --catalogue agents.json\n  lmos router eval --catalogue agents.json --labelled messages.csv\n  lmos router serve",
  );
  for (const make of [lintCommand, calibrateCommand, evalCommand, serveCommand])
    command.addCommand(make(context));
  return command;
}

/**
 * The command line as a tree of commands. Only the command that is asked for is loaded: the others are known by name
 * and description, so that none waits for code that it does not run.
 */
import { Command } from "commander";
import type { CommandContext } from "./context.ts";
import { readVersion } from "./version.ts";

/** Makes a command, with its options, its help and what it does. */
type CommandFactory = (context: CommandContext, program: Command) => Command;

interface LazyCommand {
  readonly name: string;
  readonly description: string;
  readonly load: () => Promise<CommandFactory>;
}

const commands: readonly LazyCommand[] = [
  {
    name: "demo",
    description: "run the example tenant acme on this machine: six agents, two channels",
    load: async () => (await import("./commands/demo.ts")).demoCommand,
  },
  {
    name: "dev",
    description: "run a cluster on this machine: API server, operator, runtime, and your agents as processes",
    load: async () => (await import("./commands/dev.ts")).devCommand,
  },
  {
    name: "get",
    description: "show agents, channels, routings or rollouts",
    load: async () => (await import("./commands/get.ts")).getCommand,
  },
  {
    name: "apply",
    description: "apply the objects of YAML files (server-side, field manager lmos)",
    load: async () => (await import("./commands/apply.ts")).applyCommand,
  },
  {
    name: "delete",
    description: "delete the objects that YAML files name",
    load: async () => (await import("./commands/delete.ts")).deleteCommand,
  },
  {
    name: "why",
    description: "say why a channel is resolved or not, candidate by candidate",
    load: async () => (await import("./commands/why.ts")).whyCommand,
  },
  {
    name: "resolve",
    description: "say how the channels of some files would be wired, without a cluster",
    load: async () => (await import("./commands/resolve.ts")).resolveCommand,
  },
  {
    name: "plan",
    description: "say what applying some files would change in the wiring",
    load: async () => (await import("./commands/plan.ts")).planCommand,
  },
  {
    name: "rollback",
    description: "hold a channel's routing at an earlier revision",
    load: async () => (await import("./commands/rollback.ts")).rollbackCommand,
  },
  {
    name: "analyze",
    description: "find faults in agents and channels",
    load: async () => (await import("./commands/analyze.ts")).analyzeCommand,
  },
  {
    name: "route",
    description: "say which agent would take a message, without calling it",
    load: async () => (await import("./commands/route.ts")).routeCommand,
  },
  {
    name: "router",
    description: "help authors: lint a catalogue, calibrate thresholds, evaluate on labelled messages",
    load: async () => (await import("./commands/router.ts")).routerCommand,
  },
  {
    name: "chat",
    description: "talk to a channel through the runtime",
    load: async () => (await import("./commands/chat.ts")).chatCommand,
  },
  {
    name: "memory",
    description: "show what agents remember of a user, who wrote it, and have it forgotten",
    load: async () => (await import("./commands/memory.ts")).memoryCommand,
  },
  {
    name: "logs",
    description: "show what the processes of the laptop cluster wrote",
    load: async () => (await import("./commands/logs.ts")).logsCommand,
  },
  {
    name: "operator",
    description: "run the operator: discover agents, wire channels, serve the read API",
    load: async () => (await import("./commands/operator.ts")).operatorCommand,
  },
  {
    name: "runtime",
    description: "run the runtime: take messages, find the agent for each, stream its answer",
    load: async () => (await import("./commands/runtime.ts")).runtimeCommand,
  },
  {
    name: "completion",
    description: "print a shell completion script",
    load: async () => (await import("./commands/completion.ts")).completionCommand,
  },
];

/** Loads the command that the parameters ask for; completion is written from all of them. */
export async function createProgram(
  parameters: readonly string[],
  context: CommandContext,
): Promise<Command> {
  const program = new Command("lmos")
    .description(
      "LMOS control plane: agents announce capabilities, channels require them, messages find their agent",
    )
    .version(readVersion())
    .addHelpText(
      "after",
      "\nStart here:\n  lmos demo            a whole system on this machine\n  lmos demo --check    the same, checking itself",
    );
  const wanted = parameters.find((parameter) => !parameter.startsWith("-"));
  const isWanted = ({ name }: LazyCommand): boolean =>
    wanted === "completion" || wanted === "help" || wanted === name;
  for (const command of commands) {
    const loaded = isWanted(command) ? (await command.load())(context, program) : new Command(command.name);
    program.addCommand(loaded.description(command.description));
  }
  speakThrough(context, program, program.name());
  return program;
}

/**
 * Help and errors of usage go where the context's terminal says, and nothing ends the process. An error names the help of
 * the command that it is about; `path` is what a user types to call that.
 */
function speakThrough(context: CommandContext, command: Command, path: string): void {
  const { terminal } = context;
  command
    .showHelpAfterError(`(see ${path} --help)`)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.hint(text.trimEnd()),
    });
  for (const child of command.commands) speakThrough(context, child, `${path} ${child.name()}`);
}

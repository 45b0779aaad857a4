/** Shell completion scripts, written from the commands themselves. */
import type { Command } from "commander";

/** The shells that can be completed for. */
export const shells = ["bash", "zsh", "fish"] as const;
/** A shell that can be completed for. */
export type Shell = (typeof shells)[number];

/** A command with what may follow its name: commands of its own, and options, also those of its commands. */
interface Completable {
  readonly name: string;
  readonly description: string;
  readonly commands: readonly string[];
  readonly flags: readonly string[];
}

/** The script that a shell sources to complete `lmos`. */
export function completionScript(shell: Shell, program: Command): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    commands: command.commands.map((child) => child.name()),
    flags: [...new Set([command, ...command.commands].flatMap(flagsOf))],
  }));
  switch (shell) {
    case "bash":
      return bashScript(commands);
    case "zsh":
      return `autoload -U +X bashcompinit && bashcompinit\n${bashScript(commands)}`;
    case "fish":
      return fishScript(commands);
    default:
      return shell satisfies never;
  }
}

function flagsOf({ options }: Command): readonly string[] {
  return options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long]));
}

function bashScript(commands: readonly Completable[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const cases = commands.map((command) => {
    const words = [...command.commands, ...command.flags, "--help"].join(" ");
    return `    ${command.name}) words="${words}" ;;`;
  });
  return [
    "_lmos() {",
    `  local current="\${COMP_WORDS[COMP_CWORD]}" words`,
    `  case "\${COMP_WORDS[1]}" in`,
    ...cases,
    "  esac",
    `  [ "$COMP_CWORD" -eq 1 ] && words="${names} --help --version"`,
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    "}",
    "complete -o default -F _lmos lmos",
    "",
  ].join("\n");
}

function fishScript(commands: readonly Completable[]): string {
  const lines = commands.flatMap(({ name, description, commands: own, flags }) => [
    `complete -c lmos -n __fish_use_subcommand -a ${name} -d '${description.replaceAll("'", "\\'")}'`,
    ...own.map((child) => `complete -c lmos -n '__fish_seen_subcommand_from ${name}' -a ${child}`),
    ...flags.map((flag) => `complete -c lmos -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}`),
  ]);
  return `${lines.join("\n")}\n`;
}

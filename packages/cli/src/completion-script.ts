/** Shell completion scripts, written from the commands themselves. */
import type { Command } from "commander";

/** The shells that can be completed for. */
export const shells = ["bash", "zsh", "fish"] as const;
/** A shell that can be completed for. */
export type Shell = (typeof shells)[number];

/** A command's name and the options that it takes. */
interface Completable {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly string[];
}

/** The script that a shell sources to complete `lmos`. */
export function completionScript(shell: Shell, program: Command): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    flags: command.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long])),
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

function bashScript(commands: readonly Completable[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const cases = commands.map(({ name, flags }) => `    ${name}) words="${flags.join(" ")} --help" ;;`);
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
  const lines = commands.flatMap(({ name, description, flags }) => [
    `complete -c lmos -n __fish_use_subcommand -a ${name} -d '${description.replaceAll("'", "\\'")}'`,
    ...flags.map((flag) => `complete -c lmos -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}`),
  ]);
  return `${lines.join("\n")}\n`;
}

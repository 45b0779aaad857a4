import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { completionScript, shells } from "./completion-script.ts";

const program = new Command("lmos")
  .addCommand(
    new Command("get").description("show what's there").option("-n, --namespace <name>").option("-w"),
  )
  .addCommand(
    new Command("memory")
      .addCommand(new Command("list").option("--management <url>"))
      .addCommand(new Command("erase").option("--management <url>").option("--yes")),
  );

/** What bash offers for the last of these words. */
async function completed(...words: readonly string[]): Promise<readonly string[]> {
  const script = [
    completionScript("bash", program),
    `COMP_WORDS=(lmos ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}`,
    `_lmos; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ].join("\n");
  const { stdout } = await promisify(execFile)("bash", ["--norc", "-c", script]);
  return stdout.split("\n").filter((line) => line !== "");
}

describe("bash", () => {
  it.each([
    { name: "commands first", words: [""], offered: ["get", "memory", "--help", "--version"] },
    { name: "those that begin so", words: ["m"], offered: ["memory"] },
    { name: "a command's options", words: ["get", "--"], offered: ["--namespace", "--help"] },
    { name: "a command's commands", words: ["memory", "e"], offered: ["erase"] },
    {
      name: "the options of those, each once",
      words: ["memory", "list", "--"],
      offered: ["--management", "--yes", "--help"],
    },
    { name: "nothing for a command that there is not", words: ["nope", "x"], offered: [] },
    { name: "nothing, so that files are offered, for a path", words: ["get", "chan"], offered: [] },
  ])("offers $name", async ({ words, offered }) => {
    expect(await completed(...words)).toEqual(offered);
  });
});

describe("fish", () => {
  it("has a line for each command, command of a command and option, its texts quoted", () => {
    expect(completionScript("fish", program).split("\n")).toEqual([
      "complete -c lmos -n __fish_use_subcommand -a get -d 'show what\\'s there'",
      "complete -c lmos -n '__fish_seen_subcommand_from get' -l namespace",
      "complete -c lmos -n __fish_use_subcommand -a memory -d ''",
      "complete -c lmos -n '__fish_seen_subcommand_from memory' -a list",
      "complete -c lmos -n '__fish_seen_subcommand_from memory' -a erase",
      "complete -c lmos -n '__fish_seen_subcommand_from memory' -l management",
      "complete -c lmos -n '__fish_seen_subcommand_from memory' -l yes",
      "",
    ]);
  });
});

it("zsh reads the script of bash", () => {
  expect(completionScript("zsh", program)).toBe(
    `autoload -U +X bashcompinit && bashcompinit\n${completionScript("bash", program)}`,
  );
  expect(shells).toEqual(["bash", "zsh", "fish"]);
});

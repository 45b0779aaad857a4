/** `--agent-tokens` and what belongs to it: tokens that a runtime makes for agents. */
import { resolve } from "node:path";
import type { RuntimeOptions } from "@lmos/runtime";
import type { Command } from "commander";
import type { CommandContext } from "./context.ts";
import { CliError } from "./errors.ts";

/** The options, as commander gives them. */
export interface AgentTokenOptions {
  readonly agentTokens?: string;
  readonly agentTokensIssuer?: string;
}

/** Who the tokens say has made them, unless told otherwise. */
const defaultIssuer = "lmos-runtime";

/** Adds the options. */
export function withAgentTokenOptions(command: Command): Command {
  return command
    .option(
      "--agent-tokens <file>",
      "give each operation of an agent a token of its own, signed with the first private key (PEM, Ed25519 or P-256) of this file, read again when it changes (else agents get none)",
    )
    .option(
      "--agent-tokens-issuer <name>",
      `who these tokens say has made them, the same for all runtimes of the agents (else ${defaultIssuer})`,
    );
}

/**
 * What the options say; undefined where agents get no tokens.
 *
 * @throws CliError `Usage` for an issuer without keys.
 */
export function agentTokensOf(
  { agentTokens, agentTokensIssuer }: AgentTokenOptions,
  { environment }: Pick<CommandContext, "environment">,
): RuntimeOptions["agentTokens"] {
  if (agentTokens !== undefined) {
    const keyFile = resolve(environment.workingDirectory, agentTokens);
    return { keyFile, issuer: agentTokensIssuer ?? defaultIssuer };
  }
  if (agentTokensIssuer === undefined) return undefined;
  throw new CliError(
    "Usage",
    `--agent-tokens-issuer ${agentTokensIssuer} has no keys: give their file with --agent-tokens`,
  );
}

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
  readonly agentTokensRequired?: boolean;
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
    )
    .option(
      "--agent-tokens-required",
      "agents have to show their token to ask others and to use memory (else the address that they got is enough)",
    );
}

/**
 * What the options say; undefined where agents get no tokens.
 *
 * @throws CliError `Usage` for what belongs to tokens without keys.
 */
export function agentTokensOf(
  { agentTokens, agentTokensIssuer, agentTokensRequired }: AgentTokenOptions,
  { environment }: Pick<CommandContext, "environment">,
): RuntimeOptions["agentTokens"] {
  if (agentTokens !== undefined) {
    const keyFile = resolve(environment.workingDirectory, agentTokens);
    return { keyFile, issuer: agentTokensIssuer ?? defaultIssuer, required: agentTokensRequired };
  }
  const [alone] = [
    agentTokensIssuer !== undefined && `--agent-tokens-issuer ${agentTokensIssuer}`,
    agentTokensRequired === true && "--agent-tokens-required",
  ].filter((option) => option !== false);
  if (alone === undefined) return undefined;
  throw new CliError("Usage", `${alone} has no keys: give their file with --agent-tokens`);
}

/** A file with agents in the shape of LMOS' classifier, for one channel. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { errorMessage } from "@lmos/primitives";
import type { AddressedAgent, ChannelScope } from "@lmos/router";
import { agentDocumentSchema, toAddressedAgent } from "@lmos/router-service";
import { z } from "zod";
import type { CommandContext } from "./context.ts";
import { CliError } from "./errors.ts";

/** The agents of a file, and the channel that the options name for them; a CliError `Usage` says what is wrong. */
export async function readAgentDocument(
  file: string,
  { tenant, channel }: { readonly tenant?: string; readonly channel?: string },
  { environment }: CommandContext,
): Promise<{ readonly scope: ChannelScope; readonly agents: readonly AddressedAgent[] }> {
  if (tenant === undefined || channel === undefined) {
    throw new CliError("Usage", "name the channel of the agents with --tenant and --channel");
  }
  const path = resolve(environment.workingDirectory, file);
  const parsed = agentDocumentSchema.safeParse(await readJson(path));
  if (!parsed.success) throw new CliError("Usage", `${path}: ${z.prettifyError(parsed.error)}`);
  return {
    scope: { tenant, channel, subset: "stable" },
    agents: parsed.data.capabilityGroups.map(toAddressedAgent),
  };
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new CliError("Usage", `cannot read ${path}: ${errorMessage(error)}`);
  }
}

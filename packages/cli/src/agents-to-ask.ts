/** The agents that a command routes between: those that a channel is wired to, or those of a catalogue file. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { KubeClient } from "@lmos/kube";
import { channelLabel, channelRoutingKind, defaultSubset, subsetOf, tenantLabel } from "@lmos/resources";
import { parseCatalogue, type RoutableAgent } from "@lmos/router";
import type { Command } from "commander";
import { type ConnectionOptions, connect, withConnectionOptions } from "./connect.ts";
import type { CommandContext } from "./context.ts";
import { CliError } from "./errors.ts";
import { routableAgentsOf } from "./routable-agents.ts";

/** The options that name agents, as commander gives them. */
export interface AgentOptions extends ConnectionOptions {
  readonly tenant?: string;
  readonly channel?: string;
  readonly subset: string;
  readonly namespace?: string;
  readonly catalogue?: string;
}

/** Adds the options that name agents, and those that choose a cluster. */
export function withAgentOptions(command: Command): Command {
  return withConnectionOptions(
    command
      .option("--tenant <tenant>", "tenant of the channel")
      .option("--channel <channel>", "channel whose wired agents are asked")
      .option("--subset <subset>", "subset of the channel", defaultSubset)
      .option("-n, --namespace <namespace>", "namespace of the channel (else that of the kubeconfig)")
      .option("--catalogue <file>", "JSON file of agents, instead of a channel; needs no server"),
  );
}

/** Reads the agents. */
export async function agentsToAsk(
  options: AgentOptions,
  context: CommandContext,
): Promise<readonly RoutableAgent[]> {
  if (options.catalogue !== undefined)
    return readCatalogue(resolve(context.environment.workingDirectory, options.catalogue));
  if (options.tenant === undefined || options.channel === undefined) {
    throw new CliError("Usage", "name a channel with --tenant and --channel, or a file with --catalogue");
  }
  await using target = connect(options, context);
  return wiredAgents(options, target.client, {
    namespace: options.namespace ?? target.connection.namespace,
    signal: context.signal,
  });
}

async function readCatalogue(path: string): Promise<readonly RoutableAgent[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new CliError("Usage", `--catalogue ${path} cannot be read: name a JSON file of agents`, { cause });
  });
  try {
    return parseCatalogue(JSON.parse(text));
  } catch (cause) {
    throw new CliError("Usage", `--catalogue ${path} is not a catalogue`, { cause });
  }
}

async function wiredAgents(
  { tenant, channel, subset }: AgentOptions,
  client: KubeClient,
  { namespace, signal }: { readonly namespace: string; readonly signal: AbortSignal },
): Promise<readonly RoutableAgent[]> {
  const labelSelector = `${tenantLabel}=${tenant},${channelLabel}=${channel}`;
  const { items } = await client.list(channelRoutingKind, { namespace, labelSelector, signal });
  const routing = items.find((item) => subsetOf(item) === subset);
  if (routing === undefined) {
    throw new CliError(
      "NotFound",
      `no routing for tenant ${tenant}, channel ${channel}, subset ${subset} in namespace ${namespace}: see \`lmos get channels -A\``,
    );
  }
  return routableAgentsOf(routing);
}

/** `lmos why CHANNEL[/CAPABILITY]`: why a channel is wired as it is, and what would mend it. */
import type { KubeClient } from "@lmos/kube";
import { providerOf, requirementsOf } from "@lmos/operator";
import { explainCause } from "@lmos/resolver";
import { agentKind, type Channel, channelIdentityOf, channelKind } from "@lmos/resources";
import { Command } from "commander";
import { type ConnectionOptions, connect, withConnectionOptions } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { readAll } from "../read-all.ts";
import { remedyFor } from "../remedy.ts";
import type { Terminal } from "../terminal.ts";
import { type ExaminedCandidate, type ExaminedRequirement, examine } from "../why.ts";

interface WhyOptions extends ConnectionOptions {
  readonly namespace?: string;
}

/** The command `why`. */
export function whyCommand(context: CommandContext): Command {
  const command = new Command("why")
    .argument("<channel[/capability]>", "a Channel's name, and one of its required capabilities")
    .option("-n, --namespace <namespace>", "namespace (else that of the kubeconfig)")
    .addHelpText(
      "after",
      "\nExamples:\n  lmos why acme-web-stable\n  lmos why acme-web-stable/track-order\n\nExit code 1 when something is not provided.",
    );
  return withConnectionOptions(command).action((address: string, options: WhyOptions) =>
    why(address, options, context),
  );
}

async function why(address: string, options: WhyOptions, context: CommandContext): Promise<void> {
  const [name = "", capability] = address.split("/");
  await using target = connect(options, context);
  const namespace = options.namespace ?? target.connection.namespace;
  const examined = await examineChannel(target.client, { namespace, name }, context);
  const shown =
    capability === undefined
      ? examined
      : examined.filter(({ requirement }) => requirement.name === capability);
  if (capability !== undefined && shown.length === 0) {
    const names = examined.map(({ requirement }) => requirement.name).join(", ") || "nothing";
    throw new CliError(
      "NotFound",
      `channel ${name} does not require ${JSON.stringify(capability)}: it requires ${names}`,
    );
  }
  for (const one of shown) printRequirement(one, { detailed: capability !== undefined }, context.terminal);
  const unmet = shown.filter(({ wired }) => wired === undefined).length;
  if (unmet > 0)
    throw new CliError("Findings", `${unmet} of ${shown.length} required capabilities not provided`);
}

async function examineChannel(
  client: KubeClient,
  key: { readonly namespace: string; readonly name: string },
  { terminal, signal }: CommandContext,
): Promise<readonly ExaminedRequirement[]> {
  const channel = await client.get(channelKind, key, { signal });
  if (channel === undefined) {
    throw new CliError(
      "NotFound",
      `channel ${key.name} not found in ${key.namespace}: see \`lmos get channels -A\``,
    );
  }
  const agents = await readAll(client, agentKind, { namespace: key.namespace, signal });
  terminal.print(headline(channel));
  const providers = agents.items.flatMap((agent) => providerOf(agent) ?? []);
  return examine(channelIdentityOf(channel), requirementsOf(channel), providers);
}

function headline(channel: Channel): string {
  const { tenant, channel: name, subset } = channelIdentityOf(channel);
  const status = channel.status?.resolveStatus ?? "not resolved yet";
  return `${channel.metadata.name}: ${status} ${channel.status?.resolved ?? ""} (tenant ${tenant || "?"}, channel ${name || "?"}, subset ${subset})`;
}

function printRequirement(
  { requirement, wired, cause, candidates }: ExaminedRequirement,
  { detailed }: { readonly detailed: boolean },
  terminal: Terminal,
): void {
  const wanted = `${requirement.name} ${requirement.range}`;
  if (wired === undefined) terminal.print(`${terminal.paint("red", "✗")} ${wanted} is not provided`);
  else terminal.print(`${terminal.paint("green", "✓")} ${wanted} → ${wired.agent} ${wired.version}`);
  if (detailed || wired === undefined)
    for (const candidate of candidates) terminal.print(`    ${candidateLine(candidate)}`);
  if (candidates.length === 0 && cause !== undefined) terminal.print(`    ${explainCause(cause)}`);
  if (wired === undefined && cause !== undefined) terminal.print(`    fix: ${remedyFor(cause)}`);
}

function candidateLine({ agent, version, fate }: ExaminedCandidate): string {
  switch (fate.kind) {
    case "wired":
      return `${agent} ${version}: wired`;
    case "outranked":
      return `${agent} ${version}: fits, but another was preferred`;
    case "rejected":
      return `${agent} ${version}: ${explainCause(fate.cause)}`;
    default:
      return fate satisfies never;
  }
}

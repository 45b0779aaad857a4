/** `lmos why CHANNEL[/CAPABILITY]`: why a channel is wired as it is, and what would mend it. */
import type { KubeClient } from "@lmos/kube";
import {
  type ChannelGrants,
  createGrantLookup,
  providerOf,
  requirementsOf,
  withGrants,
} from "@lmos/operator";
import type { Provider } from "@lmos/resolver";
import {
  type Agent,
  agentKind,
  type Channel,
  channelIdentityOf,
  channelKind,
  channelRoutingKind,
  conditionOf,
  type Tenant,
  tenantIdOf,
} from "@lmos/resources";
import { Command, Option } from "commander";
import { type ConnectionOptions, connect, withConnectionOptions } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { renderStructured } from "../output/structured.ts";
import { readAll } from "../read-all.ts";
import { type ExaminedRequirement, examine, readAddress } from "../why.ts";
import { channelHeadline, requirementLines, type Showing } from "../why-text.ts";
import { wiresInForce } from "../wiring.ts";
import { worldOfCluster } from "../world.ts";

interface WhyOptions extends ConnectionOptions {
  readonly namespace?: string;
  readonly output: "text" | "json" | "yaml";
}

/** The command `why`. */
export function whyCommand(context: CommandContext): Command {
  const command = new Command("why")
    .argument("<channel[/capability]>", "a Channel's name, and one of its required capabilities")
    .option("-n, --namespace <namespace>", "namespace (else that of the kubeconfig)")
    .addOption(
      new Option("-o, --output <format>", "format").choices(["text", "json", "yaml"]).default("text"),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  lmos why acme-web-stable\n  lmos why acme-web-stable/track-order\n\nExit code 1 when something is not provided.",
    );
  return withConnectionOptions(command).action((address: string, options: WhyOptions) =>
    why(address, options, context),
  );
}

async function why(address: string, options: WhyOptions, context: CommandContext): Promise<void> {
  const { name, capability } = readAddress(address);
  await using target = connect(options, context);
  const namespace = options.namespace ?? target.connection.namespace;
  const channel = await findChannel(target.client, { namespace, name }, context.signal);
  const agents = await readAll(target.client, agentKind, { namespace, signal: context.signal });
  const enforced = await enforcedGrants(channel, target.client, context.signal);
  const examined = await examineChannel(channel, target.client, {
    agents: agents.items,
    grants: enforced?.grants,
    namespace,
    signal: context.signal,
  });
  const shown = capability === undefined ? examined : onlyCapability(examined, capability, name);
  const lines =
    options.output === "text"
      ? textLines(channel, shown, {
          detailed: capability !== undefined,
          terminal: context.terminal,
          channel: {
            ...{ namespace, name, workloads: workloadsOf(agents.items) },
            tenants: new Map(enforced?.tenants.map((tenant) => [tenantIdOf(tenant), tenant.metadata.name])),
          },
        })
      : [renderStructured(options.output, shown)];
  for (const line of lines) context.terminal.print(line);
  const unmet = shown.filter(({ wired }) => wired === undefined).length;
  if (unmet > 0)
    throw new CliError("Findings", `${unmet} of ${shown.length} required capabilities not provided`);
}

async function findChannel(
  client: KubeClient,
  key: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<Channel> {
  const channel = await client.get(channelKind, key, { signal });
  if (channel !== undefined) return channel;
  throw new CliError(
    "NotFound",
    `channel ${key.name} not found in ${key.namespace}: see \`lmos get channels -A\``,
  );
}

async function examineChannel(
  channel: Channel,
  client: KubeClient,
  options: {
    readonly agents: readonly Agent[];
    readonly grants: ChannelGrants | undefined;
    readonly namespace: string;
    readonly signal: AbortSignal;
  },
): Promise<readonly ExaminedRequirement[]> {
  const key = { namespace: options.namespace, name: channel.metadata.name };
  const routing = await client.get(channelRoutingKind, key, { signal: options.signal });
  const { grants } = options;
  const providers = options.agents.flatMap((agent) => readiedProvider(agent, grants) ?? []);
  const audience = {
    ...channelIdentityOf(channel),
    current: wiresInForce(routing),
    refusal: grants?.refusal,
  };
  return examine(audience, requirementsOf(channel), providers);
}

/** What is granted, where the operator said in the Channel's status that it enforces it. */
async function enforcedGrants(
  channel: Channel,
  client: KubeClient,
  signal: AbortSignal,
): Promise<{ readonly grants: ChannelGrants | undefined; readonly tenants: readonly Tenant[] } | undefined> {
  if (channel.status?.grants !== "enforce") return undefined;
  const world = await worldOfCluster(client, { namespace: undefined, mode: "enforce", signal });
  return { grants: createGrantLookup(world, "enforce").ofChannel(channel), tenants: world.tenants };
}

function readiedProvider(agent: Agent, grants: ChannelGrants | undefined): Provider | undefined {
  const provider = providerOf(agent);
  if (provider === undefined) return undefined;
  const ready = conditionOf(agent.status?.conditions, "Ready")?.status !== "False";
  return { ...(grants === undefined ? provider : withGrants(provider, grants)), ready };
}

function onlyCapability(
  examined: readonly ExaminedRequirement[],
  capability: string,
  channel: string,
): readonly ExaminedRequirement[] {
  const shown = examined.filter(({ requirement }) => requirement.name === capability);
  if (shown.length > 0) return shown;
  const names = examined.map(({ requirement }) => requirement.name).join(", ") || "nothing";
  const message = `channel ${channel} does not require ${JSON.stringify(capability)}: it requires ${names}`;
  throw new CliError("NotFound", message);
}

/** The kinds of the workloads that announce agents, by the agents' names. */
function workloadsOf(agents: readonly Agent[]): ReadonlyMap<string, string> {
  return new Map(
    agents.flatMap(({ metadata }) => {
      const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
      return owner === undefined ? [] : [[metadata.name, owner.kind]];
    }),
  );
}

function textLines(
  channel: Channel,
  examined: readonly ExaminedRequirement[],
  showing: Showing,
): readonly string[] {
  return [channelHeadline(channel), ...examined.flatMap((one) => requirementLines(one, showing))];
}

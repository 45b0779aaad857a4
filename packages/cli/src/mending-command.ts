/** The command that mends a cause, or that shows or opens what has to be mended. Pure. */
import type { Cause } from "@lmos/resolver";
import { alphaVersion } from "@lmos/resources";

/** The Channel that something is not provided to. */
export interface UnprovidedChannel {
  readonly namespace: string;
  readonly name: string;
  /** The kinds of the workloads that announce agents, by the agents' names: those say themselves what they provide. */
  readonly workloads: ReadonlyMap<string, string>;
  /** The names of Tenants by the ids that labels of Channels name; a Tenant that is not here is named like its id. */
  readonly tenants: ReadonlyMap<string, string>;
}

/** One command line; undefined where the agent itself has to be changed and rolled out. */
export function mendingCommand(cause: Cause, channel: UnprovidedChannel): string | undefined {
  const { namespace, name } = channel;
  switch (cause.kind) {
    case "NoProvider":
    case "VersionMismatch":
    case "InvalidRange":
    case "InvalidFilter":
    case "FilterMismatch":
    case "UsesConflict":
    case "SearchBudgetExceeded":
      return `kubectl -n ${namespace} edit channel ${name}`;
    case "SubsetMismatch":
      return labelCommand(cause.provider, cause.wanted, channel);
    case "TenantMismatch":
      return patchCommand(cause.provider, { supportedTenants: [...cause.offered, cause.wanted] }, channel);
    case "ChannelMismatch":
      return patchCommand(cause.provider, { supportedChannels: [...cause.offered, cause.wanted] }, channel);
    case "InvalidVersion":
    case "Cycle":
      return editCommand(cause.provider, channel);
    case "ProviderNotReady":
      return `kubectl -n ${namespace} describe agent ${cause.provider}`;
    case "ProviderUnresolved":
      return mendingCommand(cause.because, channel);
    case "NotGranted":
      return grantCommand(cause, namespace);
    case "TenantNotTrusted":
      return cause.fault === "tenant" ? tenantCommand(cause) : editTenant(cause.tenant, channel);
    case "AgentQuotaExceeded":
    case "ChannelQuotaExceeded":
      return editTenant(cause.tenant, channel);
    default:
      return cause satisfies never;
  }
}

/** An Agent that is discovered takes its label from its workload. */
function labelCommand(agent: string, subset: string, { namespace, workloads }: UnprovidedChannel): string {
  const kind = workloads.get(agent)?.toLowerCase() ?? "agent";
  return `kubectl -n ${namespace} label ${kind} ${agent} subset=${subset} --overwrite`;
}

function patchCommand(
  agent: string,
  spec: object,
  { namespace, workloads }: UnprovidedChannel,
): string | undefined {
  if (workloads.has(agent)) return undefined;
  return `kubectl -n ${namespace} patch agent ${agent} --type=merge -p ${quoted({ spec })}`;
}

function editCommand(agent: string, { namespace, workloads }: UnprovidedChannel): string | undefined {
  return workloads.has(agent) ? undefined : `kubectl -n ${namespace} edit agent ${agent}`;
}

function editTenant(id: string, { tenants }: UnprovidedChannel): string {
  return `kubectl edit tenant ${tenants.get(id) ?? id}`;
}

/** Nothing more than what was refused. */
function grantCommand(
  { provider, capability, version, tenant }: Cause & { readonly kind: "NotGranted" },
  namespace: string,
): string {
  return createCommand("CapabilityGrant", `${tenant}-${namespace}-${provider}-${capability}-${version}`, {
    providers: [{ namespace, agent: provider }],
    capabilities: [capability],
    versions: version,
    tenants: [tenant],
  });
}

function tenantCommand({ tenant, namespace }: Cause & { readonly kind: "TenantNotTrusted" }): string {
  return createCommand("Tenant", tenant, { id: tenant, namespaces: [namespace] });
}

/** Creates, so that nothing is overwritten that others were granted under the same name. */
function createCommand(kind: string, name: string, spec: object): string {
  const metadata = { name: plainName(name) };
  const object = { apiVersion: `lmos.eclipse/${alphaVersion}`, kind, metadata, spec };
  return `echo ${quoted(object)} | kubectl create -f -`;
}

const longestName = 253;

/** As objects may be named. */
function plainName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, longestName)
    .replace(/^-|-$/g, "");
}

/** JSON as one word of a shell. */
function quoted(value: object): string {
  return `'${JSON.stringify(value).replaceAll("'", "'\\''")}'`;
}

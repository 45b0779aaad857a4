/** The routing of acme's web channel as the one object of an API server that never changes. */
import type { KubeClient } from "@lmos/kube";
import { whenAborted } from "@lmos/primitives";
import { apiVersion } from "@lmos/resources";

/** One agent of the channel. */
export interface StaticAgent {
  readonly name: string;
  readonly capability: string;
  readonly description: string;
  readonly examples: readonly string[];
  readonly host: string;
}

/** What the runtime mirrors. */
export function staticObjects(
  agents: readonly StaticAgent[],
): Pick<KubeClient, "list" | "watch" | "discover"> {
  const routing = {
    apiVersion,
    kind: "ChannelRouting",
    metadata: {
      name: "acme-web-stable",
      namespace: "default",
      resourceVersion: "1",
      labels: { tenant: "acme", channel: "web", subset: "stable", version: "1.0.0" },
    },
    spec: { capabilityGroups: agents.map(groupOf) },
  };
  return {
    list: async (type) => ({
      items: type.kind === routing.kind ? [type.parse(routing)] : [],
      invalid: [],
      resourceVersion: "1",
      continueToken: undefined,
    }),
    discover: async () => [],
    watch: (_type, { signal }) => silence(signal),
  };
}

/** A watch in which nothing happens until it is given up. */
async function* silence(signal: AbortSignal): AsyncGenerator<never, void> {
  await whenAborted(signal);
  yield* [];
}

function groupOf({ name, capability, description, examples, host }: StaticAgent): unknown {
  const versions = { requiredVersion: ">=1.0.0", providedVersion: "1.0.0" };
  const routed = { id: capability, name: capability, ...versions, description, host, examples };
  return { id: name, name, description, capabilities: [routed] };
}

/** Deployments and Services of agents that a process node runs. */
import { deploymentKind, serviceKind } from "@lmos/resources";
import type { Manifest, OperatorWorld } from "../harness/operator-world.ts";

/** A program of this folder, with its environment. */
export interface AgentProgram {
  readonly program: "sdk-agent-program" | "described-agent-program" | "no-such-program";
  readonly environment: Readonly<Record<string, string>>;
  readonly replicas?: number | undefined;
}

/** An agent of the SDK that provides these, as `name@version`. */
export function sdkAgent(name: string, capabilities: readonly string[]): AgentProgram {
  const environment = { AGENT_NAME: name, AGENT_CAPABILITIES: capabilities.join(",") };
  return { program: "sdk-agent-program", environment };
}

/** An agent that describes itself with that document, at that path and nowhere else. */
export function describedAgent(path: string, document: object): AgentProgram {
  const environment = { DOCUMENT_PATH: path, DOCUMENT: JSON.stringify(document) };
  return { program: "described-agent-program", environment };
}

/** Applies both; the process node does the rest. */
export async function deployProgram(world: OperatorWorld, name: string, agent: AgentProgram): Promise<void> {
  await world.apply(serviceKind, service(world, name));
  await world.apply(deploymentKind, deployment(world, name, agent));
}

function service({ namespace }: OperatorWorld, name: string): Manifest {
  const ports = [{ name: "http", port: 8080, targetPort: "http" }];
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports },
  };
}

function deployment(
  { namespace }: OperatorWorld,
  name: string,
  { program, environment, replicas = 1 }: AgentProgram,
): Manifest {
  const command = `${process.execPath} --conditions=@lmos/source tests/operator/agents/${program}.ts`;
  const env = Object.entries(environment).map(([variable, value]) => ({ name: variable, value }));
  const containers = [{ name: "agent", image: "none", env, ports: [{ name: "http", containerPort: 8080 }] }];
  const annotations = { "lmos.dev/command": command };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels: { "lmos-agent": "true" } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name }, annotations }, spec: { containers } },
    },
  };
}

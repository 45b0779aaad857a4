/** The Service through which a workload's agent is reached, and which of its ports speaks HTTP. */
import type { Deployment, Service } from "@lmos/resources";

/** A Service and the port of it that an agent answers on. */
export interface AgentService {
  readonly service: Service;
  readonly port: number;
  readonly scheme: "http" | "https";
}

/** The one Service of a workload, or why there is not one. */
export type AgentServiceFinding =
  | { readonly kind: "found"; readonly found: AgentService }
  | {
      readonly kind: "missing";
      readonly reason: "NoService" | "SeveralServices" | "NoPort";
      readonly message: string;
    };

/** The one Service of those that select the Deployment's pods. */
export function findAgentService(deployment: Deployment, selecting: readonly Service[]): AgentServiceFinding {
  const { name } = deployment.metadata;
  const [service, second] = selecting.filter(isPlain);
  if (service === undefined) {
    return missing("NoService", `no Service selects the pods of the Deployment ${name}`);
  }
  if (second !== undefined) {
    const names = `${service.metadata.name} and ${second.metadata.name}`;
    return missing("SeveralServices", `the Services ${names} both select the pods of the Deployment ${name}`);
  }
  const port = agentPortOf(service);
  if (port === undefined) return missing("NoPort", `the Service ${service.metadata.name} has no port`);
  return { kind: "found", found: { service, ...port } };
}

/** The port by `appProtocol` http(s), else by name http(s), else the first. */
export function agentPortOf(service: Service): Pick<AgentService, "port" | "scheme"> | undefined {
  const { ports } = service.spec;
  const port =
    ports.find(({ appProtocol }) => isHttp(appProtocol)) ??
    ports.find(({ name }) => isHttp(name)) ??
    ports[0];
  if (port === undefined) return undefined;
  const isSecure = port.appProtocol === "https" || (!isHttp(port.appProtocol) && port.name === "https");
  return { port: port.port, scheme: isSecure ? "https" : "http" };
}

function isHttp(text: string | undefined): boolean {
  return text === "http" || text === "https";
}

/** A Service of type ExternalName leads to an address that anyone may have written there. */
function isPlain(service: Service): boolean {
  return service.spec.type !== "ExternalName";
}

function missing(reason: "NoService" | "SeveralServices" | "NoPort", message: string): AgentServiceFinding {
  return { kind: "missing", reason, message };
}

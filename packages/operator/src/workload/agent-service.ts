/** The Service through which a workload's agent is reached, and which of its ports speaks HTTP. */
import { defaultAgentPort, type Service, type Workload } from "@lmos/resources";

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

/** The one Service of those that select the workload's pods. */
export function findAgentService(workload: Workload, selecting: readonly Service[]): AgentServiceFinding {
  const pods = `the pods of the ${workload.kind} ${workload.metadata.name}`;
  const named = steeredService(workload);
  const [service, second] = selecting
    .filter(leadsToPods)
    .filter(({ metadata }) => named === undefined || metadata.name === named);
  if (service === undefined) {
    const which = named === undefined ? "no Service selects" : `the Service ${named} does not select`;
    return missing("NoService", `${which} ${pods}`);
  }
  if (second !== undefined) {
    const names = `${service.metadata.name} and ${second.metadata.name}`;
    return missing("SeveralServices", `the Services ${names} both select ${pods}`);
  }
  const port = agentPortOf(service);
  if (port === undefined) return missing("NoPort", `the Service ${service.metadata.name} has no port`);
  return { kind: "found", found: { service, ...port } };
}

/** The Service that a Rollout says its users come through: others lead to its canary or its preview. */
function steeredService(workload: Workload): string | undefined {
  if (workload.kind !== "Rollout") return undefined;
  const { canary, blueGreen } = workload.spec.strategy ?? {};
  return canary?.stableService ?? blueGreen?.activeService;
}

/** The port by `appProtocol` http(s), else by name http(s), else 8080, else the first. Port 443 speaks https unless it says otherwise. */
export function agentPortOf(service: Service): Pick<AgentService, "port" | "scheme"> | undefined {
  const { ports } = service.spec;
  const port =
    ports.find(({ appProtocol }) => isHttp(appProtocol)) ??
    ports.find(({ name }) => isHttp(name)) ??
    ports.find(({ port: number }) => number === defaultAgentPort) ??
    ports[0];
  if (port === undefined) return undefined;
  const said = [port.appProtocol, port.name].find(isHttp) ?? (port.port === 443 ? "https" : "http");
  const isSecure = said.toLowerCase() === "https";
  return { port: port.port, scheme: isSecure ? "https" : "http" };
}

function isHttp(text: string | undefined): boolean {
  return /^https?$/i.test(text ?? "");
}

/**
 * False for a Service whose address anyone may have written there: one of type ExternalName, or one without a selector,
 * whose endpoints are made by hand.
 */
export function leadsToPods({ spec }: Service): boolean {
  return spec.type !== "ExternalName" && Object.keys(spec.selector).length > 0;
}

function missing(reason: "NoService" | "SeveralServices" | "NoPort", message: string): AgentServiceFinding {
  return { kind: "missing", reason, message };
}

/** Which endpoints a Service has on this laptop. Pure. */
import { type LocalEndpoint, type Service, selects } from "@lmos/resources";
import { isReady, type LocalProcess } from "./local-process.ts";

/** One endpoint for each ready process in the Service's namespace that it selects, and each port that leads there. */
export function endpointsOf(service: Service, processes: readonly LocalProcess[]): readonly LocalEndpoint[] {
  return processes
    .filter((process) => isReady(process) && isSelected(service, process))
    .flatMap((process) =>
      portsLeadingTo(service, process).map(({ port }) => ({
        address: "127.0.0.1",
        port,
        targetPort: process.port,
      })),
    );
}

function isSelected(service: Service, process: LocalProcess): boolean {
  return (
    service.metadata.namespace === process.deployment.namespace &&
    selects(service.spec.selector, process.launch.labels)
  );
}

/**
 * A process has one port, which stands for the first container port that its template declares: other declared ports
 * (such as one for metrics) lead nowhere on a laptop.
 */
function portsLeadingTo(service: Service, { launch }: LocalProcess): Service["spec"]["ports"] {
  const { ports } = service.spec;
  const main = launch.containerPort;
  if (ports.length <= 1 || main === undefined) return ports;
  return ports.filter(({ port, targetPort = port }) =>
    typeof targetPort === "string" ? targetPort === main.name : targetPort === main.containerPort,
  );
}

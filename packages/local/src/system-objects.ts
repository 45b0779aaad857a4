/** The objects that run operator and runtime on a laptop: the same kinds as in a cluster, as local processes. Pure. */
import { commandAnnotation, portAnnotation } from "./process-node/workload.ts";

/** Namespace of the system's own Deployments. */
export const systemNamespace = "lmos-system";

/** How operator and runtime are started. `$(PORT)` in an argument stands for the port that the process gets. */
export interface SystemObjectsOptions {
  /** Program and arguments of the operator. */
  readonly operatorCommand: readonly string[];
  /** Program and arguments of the runtime. */
  readonly runtimeCommand: readonly string[];
  /** Port that the operator gets where it is free; any free one unless given. */
  readonly operatorPort?: number | undefined;
  /** Likewise the runtime. */
  readonly runtimePort?: number | undefined;
  /** Path on that port that answers 200 once the process can work; `/readyz` unless given. */
  readonly readinessPath?: string | undefined;
}

/** The Namespace `lmos-system`, and a Deployment and a Service each for `lmos-operator` and `lmos-runtime`. */
export function systemObjects(options: SystemObjectsOptions): readonly object[] {
  const { operatorCommand, operatorPort, readinessPath = "/readyz", runtimeCommand, runtimePort } = options;
  const operator = { name: "lmos-operator", servicePort: 8080, command: operatorCommand, port: operatorPort };
  const runtime = { name: "lmos-runtime", servicePort: 8081, command: runtimeCommand, port: runtimePort };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: systemNamespace } },
    ...[operator, runtime].flatMap((component) => [deployment(component, readinessPath), service(component)]),
  ];
}

interface Component {
  readonly name: string;
  readonly servicePort: number;
  readonly command: readonly string[];
  readonly port: number | undefined;
}

function deployment(component: Component, readinessPath: string): object {
  const { command, name, port, servicePort } = component;
  const annotations = {
    [commandAnnotation]: command.map(quote).join(" "),
    ...(port === undefined ? {} : { [portAnnotation]: String(port) }),
  };
  const container = {
    name: "main",
    image: name,
    ports: [{ name: "http", containerPort: servicePort }],
    readinessProbe: { httpGet: { path: readinessPath, port: "http" } },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata(name),
    spec: {
      replicas: 1,
      selector: { matchLabels: labels(name) },
      template: { metadata: { labels: labels(name), annotations }, spec: { containers: [container] } },
    },
  };
}

function service({ name, servicePort }: Component): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(name),
    spec: { selector: labels(name), ports: [{ name: "http", port: servicePort, targetPort: "http" }] },
  };
}

function metadata(name: string): object {
  return { name, namespace: systemNamespace, labels: labels(name) };
}

function labels(name: string): Readonly<Record<string, string>> {
  return { "app.kubernetes.io/name": name };
}

/** As one word of a command line, whatever it contains. */
function quote(word: string): string {
  return /^[\w./:=@%+,$()-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

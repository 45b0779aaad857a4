/** Builders for tests: a Deployment, its workload, its processes. */
import type { LocalProcess, ProcessState } from "../process-node/local-process.ts";
import {
  type Launch,
  type NodeDeployment,
  nodeDeploymentKind,
  type Workload,
} from "../process-node/workload.ts";

export const aLaunch: Launch = {
  argv: ["node", "main.js"],
  environment: [],
  workingDirectory: undefined,
  preferredPort: undefined,
  probePath: "/health",
  labels: { app: "hello" },
  containerPort: undefined,
};

export function aWorkload(overrides: Partial<Workload> = {}): Workload {
  const launch = { kind: "valid", launch: aLaunch } as const;
  return { uid: "uid-1", generation: 1, replicas: 1, templateHash: "new", launch, ...overrides };
}

export function aProcess(overrides: Partial<LocalProcess> = {}): LocalProcess {
  const replica = overrides.replica ?? 0;
  return {
    id: `p${replica}`,
    deployment: { namespace: "default", name: "hello" },
    owner: "uid-1",
    templateHash: "new",
    replica,
    launch: aLaunch,
    port: 4000 + replica,
    crashes: 0,
    lastExit: undefined,
    state: ready,
    ...overrides,
  };
}

export const ready: ProcessState = { kind: "running", pid: 1, since: 0, ready: true };
export const notReady: ProcessState = { kind: "running", pid: 1, since: 0, ready: false };
export const stopping: ProcessState = { kind: "stopping" };
export const waitingUntil = (until: number): ProcessState => ({ kind: "waiting", until });

/** A Deployment as the API server sends it. */
export interface DeploymentTexts {
  readonly name?: string;
  readonly replicas?: number;
  readonly uid?: string;
  readonly deletionTimestamp?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly container?: object;
}

export function aDeployment(texts: DeploymentTexts = {}): NodeDeployment {
  const { annotations = { "lmos.dev/command": "node main.js" }, container = {}, replicas = 1 } = texts;
  const { deletionTimestamp, name = "hello", uid = "uid-1" } = texts;
  const labels = { app: name };
  return nodeDeploymentKind.parse({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default", uid, generation: 1, deletionTimestamp },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: { containers: [{ name: "main", ...container }] } },
    },
  });
}

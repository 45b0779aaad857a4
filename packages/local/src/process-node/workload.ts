/**
 * How a Deployment is read by the process node: which processes it asks for. A Deployment is the node's when its pod
 * template carries `lmos.dev/command`; all others are left alone.
 */
import { createHash } from "node:crypto";
import { canonicalJson, isRecord } from "@lmos/primitives";
import { type Condition, type Deployment, deploymentKind, type PodTemplate } from "@lmos/resources";
import { z } from "zod";
import { parseCommandLine } from "../command-line.ts";

/** Pod template annotation: the command line that runs once per replica. */
export const commandAnnotation = "lmos.dev/command";
/** Pod template annotation: the port that the (first) process gets where it is free. */
export const portAnnotation = "lmos.dev/port";
/** Pod template annotation: where the process runs, absolute or relative to the cluster's base folder. */
export const workingDirectoryAnnotation = "lmos.dev/working-directory";

const countSchema = z.number().int().default(0);

const statusSchema = z.object({
  observedGeneration: z.number().int().optional(),
  replicas: countSchema,
  updatedReplicas: countSchema,
  readyReplicas: countSchema,
  availableReplicas: countSchema,
  unavailableReplicas: countSchema,
  conditions: z
    .array(
      z.object({
        type: z.string(),
        status: z.enum(["True", "False", "Unknown"]),
        lastTransitionTime: z.string().default(""),
        reason: z.string().default(""),
        message: z.string().default(""),
      }),
    )
    .default([]),
});

/** A Deployment's status as the process node writes it. */
export interface DeploymentStatus {
  readonly observedGeneration?: number | undefined;
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly unavailableReplicas: number;
  readonly conditions: readonly Condition[];
}

/** A Deployment with its whole status and a digest of its whole pod template. */
export type NodeDeployment = Omit<Deployment, "status"> & {
  readonly status: DeploymentStatus;
  readonly templateHash: string;
};

/** apps/v1 Deployment, as the process node reads it. */
export const nodeDeploymentKind = {
  ...deploymentKind,
  parse: (value: unknown): NodeDeployment => {
    const deployment = deploymentKind.parse(value);
    const raw = isRecord(value) ? value : {};
    return {
      ...deployment,
      status: statusSchema.parse(raw["status"] ?? {}),
      templateHash: hashOf(isRecord(raw["spec"]) ? raw["spec"]["template"] : undefined),
    };
  },
} as const;

/** How one process of a workload is started and recognised as ready. */
export interface Launch {
  /** Program and arguments, `$(NAME)` not yet replaced. */
  readonly argv: readonly string[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly workingDirectory: string | undefined;
  readonly preferredPort: number | undefined;
  /** Path to GET until it succeeds; without one the process is ready when its port accepts connections. */
  readonly probePath: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** The container port that the process's port stands for, where the template declares any. */
  readonly containerPort: ContainerPort | undefined;
}

/** A declared container port. */
export interface ContainerPort {
  readonly name?: string | undefined;
  readonly containerPort: number;
}

/** What a Deployment asks of the process node. An invalid command line keeps what already runs. */
export interface Workload {
  readonly uid: string;
  readonly generation: number | undefined;
  readonly replicas: number;
  readonly templateHash: string;
  readonly launch:
    | { readonly kind: "valid"; readonly launch: Launch }
    | { readonly kind: "invalid"; readonly reason: string };
}

/** The workload of a Deployment, or undefined where it is none of ours. One that is being deleted asks for nothing. */
export function workloadOf(deployment: NodeDeployment): Workload | undefined {
  const command = deployment.spec.template.metadata.annotations[commandAnnotation];
  if (command === undefined) return undefined;
  const { uid, generation, deletionTimestamp } = deployment.metadata;
  return {
    uid: uid ?? "",
    generation,
    replicas: deletionTimestamp === undefined ? deployment.spec.replicas : 0,
    templateHash: deployment.templateHash,
    launch: launchOf(command, deployment.spec.template),
  };
}

function launchOf(command: string, template: PodTemplate): Workload["launch"] {
  const line = parseCommandLine(command);
  if (line.kind === "invalid") {
    return { kind: "invalid", reason: `The annotation ${commandAnnotation} cannot be run: ${line.reason}.` };
  }
  const container = template.spec.containers[0];
  const { labels, annotations } = template.metadata;
  const launch: Launch = {
    argv: line.argv,
    environment: (container?.env ?? []).flatMap(({ name, value }) =>
      value === undefined ? [] : [{ name, value }],
    ),
    workingDirectory: annotations[workingDirectoryAnnotation],
    preferredPort: parsePort(annotations[portAnnotation]),
    probePath: container?.readinessProbe?.httpGet?.path,
    labels,
    containerPort: container?.ports[0],
  };
  return { kind: "valid", launch };
}

/** A port that cannot be used is as good as none: it is a preference only. */
function parsePort(text: string | undefined): number | undefined {
  const port = Number(text);
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : undefined;
}

function hashOf(template: unknown): string {
  return createHash("sha256")
    .update(canonicalJson(template ?? null))
    .digest("hex")
    .slice(0, 16);
}

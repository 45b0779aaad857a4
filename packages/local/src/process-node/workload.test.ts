import { expect, test } from "vitest";
import { aDeployment } from "../testing/processes.ts";
import { type Launch, type NodeDeployment, nodeDeploymentKind, workloadOf } from "./workload.ts";

function launchOf(deployment: NodeDeployment): Launch | undefined {
  const launch = workloadOf(deployment)?.launch;
  return launch?.kind === "valid" ? launch.launch : undefined;
}

test("a Deployment without a command is none of ours", () => {
  expect(workloadOf(aDeployment({ annotations: {} }))).toBeUndefined();
});

test("a Deployment that is being deleted asks for nothing", () => {
  expect(workloadOf(aDeployment({ replicas: 3, deletionTimestamp: "2026-01-01T00:00:00Z" }))?.replicas).toBe(
    0,
  );
});

test("reads how to launch a process", () => {
  const annotations = {
    "lmos.dev/command": "node 'my agent.ts'",
    "lmos.dev/port": "8081",
    "lmos.dev/working-directory": "agents",
  };
  const container = {
    env: [
      { name: "A", value: "1" },
      { name: "SECRET", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
    ],
    ports: [{ name: "http", containerPort: 8080 }],
    readinessProbe: { httpGet: { path: "/health", port: "http" } },
  };
  expect(launchOf(aDeployment({ annotations, container }))).toEqual({
    argv: ["node", "my agent.ts"],
    environment: [{ name: "A", value: "1" }],
    workingDirectory: "agents",
    preferredPort: 8081,
    probePath: "/health",
    labels: { app: "hello" },
    containerPort: { name: "http", containerPort: 8080 },
  });
});

test.each(["", "http", "0", "70000", "80.5"])("takes the port %j as no wish", (port) => {
  const annotations = { "lmos.dev/command": "node x", "lmos.dev/port": port };
  expect(launchOf(aDeployment({ annotations }))?.preferredPort).toBeUndefined();
});

test("says why a command cannot be run", () => {
  const workload = workloadOf(aDeployment({ annotations: { "lmos.dev/command": "node 'x" } }));
  expect(workload?.launch).toEqual({
    kind: "invalid",
    reason: "The annotation lmos.dev/command cannot be run: a quote or backslash is not closed.",
  });
});

test("tells templates apart by every member, also those that are not read otherwise", () => {
  const hash = (container: object): string => aDeployment({ container }).templateHash;
  expect(hash({ image: "a" })).toBe(hash({ image: "a" }));
  expect(hash({ image: "a" })).not.toBe(hash({ image: "b" }));
});

test("reads a status that leaves zero counts out, as Kubernetes writes it", () => {
  const { status } = nodeDeploymentKind.parse({ ...aDeployment(), status: { replicas: 1 } });
  expect(status).toMatchObject({ replicas: 1, readyReplicas: 0, unavailableReplicas: 0, conditions: [] });
});

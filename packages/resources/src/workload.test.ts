import { describe, expect, it } from "vitest";
import { deploymentKind, rolloutKind, statefulSetKind } from "./workload.ts";

const metadata = { name: "billing", namespace: "shop" };
const of = (kind: string, spec: object, status?: object) => ({
  apiVersion: "any/v1",
  kind,
  metadata,
  spec,
  status,
});
const template = { spec: { containers: [{ name: "agent" }] } };
const spec = { selector: { matchLabels: { app: "billing" } }, template };

describe("a container", () => {
  const containerOf = (container: object) =>
    deploymentKind.parse(of("Deployment", { ...spec, template: { spec: { containers: [container] } } })).spec
      .template.spec.containers[0];

  it("has no variables, ports or probe unless it says so", () => {
    expect(containerOf({ name: "agent", image: "x" })).toEqual({ name: "agent", env: [], ports: [] });
  });

  it("has variables without a value where that comes from elsewhere", () => {
    const env = [
      { name: "A", value: "1" },
      { name: "B", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
    ];
    expect(containerOf({ name: "agent", env })?.env).toEqual([{ name: "A", value: "1" }, { name: "B" }]);
  });

  it.each([
    { name: "a number", port: 8080 },
    { name: "a name", port: "http" },
    { name: "none", port: undefined },
  ])("is probed at $name, at / unless a path is said", ({ port }) => {
    const probe = containerOf({ name: "agent", readinessProbe: { httpGet: { port } } })?.readinessProbe;
    expect(probe).toEqual({ httpGet: port === undefined ? { path: "/" } : { path: "/", port } });
  });

  it("may be probed in a way that a laptop does not know", () => {
    const readinessProbe = { exec: { command: ["true"] }, periodSeconds: 5 };
    expect(containerOf({ name: "agent", readinessProbe })?.readinessProbe).toEqual({ periodSeconds: 5 });
  });

  it.each([
    { name: "no name", container: {}, says: "spec.template.spec.containers.0.name" },
    {
      name: "a variable that is a number",
      container: { name: "a", env: [{ name: "A", value: 1 }] },
      says: "containers.0.env.0.value",
    },
    {
      name: "a port in words",
      container: { name: "a", ports: [{ containerPort: "http" }] },
      says: "containers.0.ports.0.containerPort",
    },
  ])("is refused with its field: $name", ({ container, says }) => {
    expect(() => containerOf(container)).toThrow(`${says}: `);
  });
});

describe("a workload's counts", () => {
  it.each([
    { name: "a Deployment", kind: deploymentKind },
    { name: "a StatefulSet", kind: statefulSetKind },
    { name: "a Rollout", kind: rolloutKind },
  ])("of $name are zero where they are left out, as Go leaves out a zero", ({ kind }) => {
    expect(kind.parse(of(kind.kind, spec, {})).status).toEqual({
      replicas: 0,
      updatedReplicas: 0,
      readyReplicas: 0,
      availableReplicas: 0,
    });
    expect(kind.parse(of(kind.kind, spec)).status).toBeUndefined();
  });

  it("of none wanted are none, not one", () => {
    expect(deploymentKind.parse(of("Deployment", { ...spec, replicas: 0 })).spec.replicas).toBe(0);
  });

  it("tell which revision a StatefulSet is at", () => {
    const status = { currentRevision: "billing-1", updateRevision: "billing-2", collisionCount: 0 };
    expect(statefulSetKind.parse(of("StatefulSet", spec, status)).status).toMatchObject({
      currentRevision: "billing-1",
      updateRevision: "billing-2",
    });
  });
});

describe("Argo's Rollout", () => {
  it.each([
    { name: "a canary with a stable Service", strategy: { canary: { stableService: "billing" } } },
    { name: "a canary without one", strategy: { canary: {} } },
    { name: "blue and green", strategy: { blueGreen: { activeService: "billing" } } },
    { name: "one strategy and null for the other", strategy: { canary: null, blueGreen: {} } },
  ])("is released by $name", ({ strategy }) => {
    expect(rolloutKind.parse(of("Rollout", { ...spec, strategy })).spec.strategy).toEqual(strategy);
  });

  it("says which pods users reach", () => {
    const status = { phase: "Healthy", stableRS: "6f7c", selector: "app=billing", HPAReplicas: 2 };
    expect(rolloutKind.parse(of("Rollout", spec, status)).status).toMatchObject({
      phase: "Healthy",
      stableRS: "6f7c",
      selector: "app=billing",
    });
  });
});

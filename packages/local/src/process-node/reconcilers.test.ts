import { KubeError, type KubeObject, type ObjectKey } from "@lmos/kube";
import { silentLogger } from "@lmos/primitives";
import { type Service, serviceKind } from "@lmos/resources";
import { describe, expect, test } from "vitest";
import { fakeTable } from "../testing/fakes.ts";
import { aDeployment, type DeploymentTexts } from "../testing/processes.ts";
import { createDeploymentReconciler } from "./deployment-reconciler.ts";
import { createServiceReconciler } from "./service-reconciler.ts";
import { type NodeDeployment, nodeDeploymentKind } from "./workload.ts";

const key: ObjectKey = { namespace: "default", name: "hello" };
const signal = new AbortController().signal;

/** One Deployment and one Service on a server that stores what is applied. */
function world() {
  const fakes = fakeTable();
  const applied: KubeObject[] = [];
  let deployment: NodeDeployment | undefined;
  let service: Service | undefined;
  let failure: Error | undefined;
  const client = {
    apply: async <T extends KubeObject>(
      type: { parse(value: unknown): T },
      object: KubeObject,
    ): Promise<T> => {
      if (failure !== undefined) throw failure;
      applied.push(object);
      if (deployment !== undefined && object.kind === "Deployment") {
        const { status } = nodeDeploymentKind.parse({ ...deployment, ...statusOf(object) });
        deployment = { ...deployment, status };
      }
      if (object.kind === "Service" && service !== undefined) {
        service = { ...service, metadata: { ...service.metadata, ...annotationsOf(object) } };
      }
      return type.parse(object.kind === "Deployment" ? deployment : service);
    },
  };
  const logger = silentLogger;
  const deployments = { get: () => deployment };
  const services = { get: () => service };
  const deploymentReconciler = createDeploymentReconciler({ ...fakes, client, deployments, logger });
  const serviceReconciler = createServiceReconciler({ ...fakes, client, services });
  return {
    ...fakes,
    applied,
    setDeployment: (texts: DeploymentTexts | undefined) => {
      const status = deployment?.status;
      deployment =
        texts === undefined
          ? undefined
          : { ...aDeployment(texts), ...(status === undefined ? {} : { status }) };
    },
    setService: (value: Service | undefined) => {
      service = value;
    },
    fail: (error: Error) => {
      failure = error;
    },
    status: () => deployment?.status,
    endpoints: () => service?.metadata.annotations?.["lmos.dev/local-endpoints"],
    reconcile: () => deploymentReconciler.reconcile(key, { signal }),
    reconcileService: () => serviceReconciler.reconcile(key, { signal }),
  };
}

function statusOf(object: KubeObject): object {
  return "status" in object ? { status: object.status } : {};
}

function annotationsOf({ metadata }: KubeObject): object {
  return { annotations: metadata.annotations };
}

function aService(annotations: Readonly<Record<string, string>> = {}): Service {
  return serviceKind.parse({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "hello", namespace: "default", uid: "uid-s", annotations },
    spec: { selector: { app: "hello" }, ports: [{ port: 80 }] },
  });
}

/** The process runs and is ready. */
async function ready() {
  const it = world();
  it.setDeployment({});
  await it.reconcile();
  it.prober.readyPorts.add(40_000);
  await it.clock.advance(250);
  await it.reconcile();
  return it;
}

describe("a Deployment", () => {
  test("becomes available with its process", async () => {
    const it = await ready();
    expect(it.status()).toMatchObject({
      observedGeneration: 1,
      replicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
    });
  });

  test("is not written to when nothing has changed", async () => {
    const it = await ready();
    const writes = it.applied.length;
    await it.reconcile();
    await it.reconcile();
    expect(it.applied.length).toBe(writes);
  });

  test("without a command is left alone", async () => {
    const it = world();
    it.setDeployment({ annotations: {} });
    await it.reconcile();
    expect(it.applied).toEqual([]);
    expect(it.table.list()).toEqual([]);
  });

  test("that loses its command is stopped and says so", async () => {
    const it = await ready();
    it.setDeployment({ annotations: {} });
    await it.reconcile();
    expect(it.status()).toMatchObject({ replicas: 0, readyReplicas: 0 });
  });

  test("that is gone is stopped without a word", async () => {
    const it = await ready();
    const writes = it.applied.length;
    it.setDeployment(undefined);
    await it.reconcile();
    await it.clock.advance(250);
    expect(it.table.list()).toEqual([]);
    expect(it.applied.length).toBe(writes);
  });

  test("rolls to a new template: starts the new process, then stops the old one", async () => {
    const it = await ready();
    it.setDeployment({ annotations: { "lmos.dev/command": "node other.js" } });
    await it.reconcile();
    expect(it.spawner.programs.map(({ request }) => request.argv[1])).toEqual(["main.js", "other.js"]);
    expect(it.status()).toMatchObject({ replicas: 2, updatedReplicas: 1, readyReplicas: 1 });
    it.prober.readyPorts.add(40_001);
    await it.clock.advance(250);
    await it.reconcile();
    await it.clock.advance(250);
    expect(it.table.list().map(({ port }) => port)).toEqual([40_001]);
    expect(it.status()).toMatchObject({ replicas: 1, updatedReplicas: 1, readyReplicas: 1 });
  });

  test("is restarted after a crash when its pause is over", async () => {
    const it = await ready();
    it.spawner.programs[0]?.exit(1);
    await it.clock.advance(0);
    expect(await it.reconcile()).toEqual({ kind: "after", ms: 500 });
    expect(it.status()?.conditions.map(({ reason }) => reason)).toContain("CrashLoopBackOff");
    await it.clock.advance(500);
    await it.reconcile();
    expect(it.spawner.programs).toHaveLength(2);
  });

  test("that is deleted while its status is written is no error", async () => {
    const it = world();
    it.setDeployment({});
    it.fail(new KubeError("NotFound", "gone"));
    await expect(it.reconcile()).resolves.toEqual({ kind: "onChange" });
  });

  test("whose status cannot be written is tried again", async () => {
    const it = world();
    it.setDeployment({});
    it.fail(new KubeError("Unavailable", "down"));
    await expect(it.reconcile()).rejects.toThrow("down");
  });
});

describe("a Service", () => {
  test("names the ready process, and none once it has died", async () => {
    const it = await ready();
    it.setService(aService());
    await it.reconcileService();
    expect(it.endpoints()).toBe('[{"address":"127.0.0.1","port":80,"targetPort":40000}]');
    it.spawner.programs[0]?.exit(1);
    await it.clock.advance(0);
    await it.reconcileService();
    expect(it.endpoints()).toBe("[]");
  });

  test("is written to only when its endpoints change", async () => {
    const it = await ready();
    it.setService(aService());
    await it.reconcileService();
    const writes = it.applied.length;
    await it.reconcileService();
    expect(it.applied.length).toBe(writes);
  });

  test("that has no process here is left alone", async () => {
    const it = world();
    it.setService(aService());
    await it.reconcileService();
    expect(it.applied).toEqual([]);
  });

  test("is freed of endpoints that an earlier cluster left", async () => {
    const it = world();
    it.setService(
      aService({ "lmos.dev/local-endpoints": '[{"address":"127.0.0.1","port":80,"targetPort":1}]' }),
    );
    await it.reconcileService();
    expect(it.endpoints()).toBe("[]");
  });

  test("is written by its uid, so that a deleted one is not made again", async () => {
    const it = await ready();
    it.setService(aService());
    await it.reconcileService();
    expect(it.applied.at(-1)?.metadata.uid).toBe("uid-s");
    it.fail(new KubeError("Conflict", "uid mismatch"));
    it.setService(aService({ "lmos.dev/local-endpoints": "[]" }));
    await expect(it.reconcileService()).resolves.toEqual({ kind: "onChange" });
  });
});

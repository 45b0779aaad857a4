/** The manifests: rendered by kubectl, taken by a real API server, and their Pods admitted where only restricted ones are. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { directClient } from "../faults/harness/access.ts";
import type { Server } from "../kubernetes/server.ts";
import { findKubectl, insisting, type Kubectl } from "./operations/kubectl.ts";
import { deploymentsOf, overlayPath, podOf, type Rendered, render } from "./operations/manifests.ts";
import { installKinds } from "./operations/scene.ts";
import { realServers } from "./operations/test-servers.ts";

const overlays = ["cluster-wide", "namespaced"];
/** As an administrator prepares a cluster: the namespaces are there before what lies in them. */
const namespaces = ["lmos-system", "shop"];

describe.runIf(realServers.length > 0)("the manifests", () => {
  const rendered = new Map<string, readonly Rendered[]>();
  let server: Server;
  let kubectl: Kubectl;

  beforeAll(async () => {
    const [real] = realServers;
    if (real === undefined) return;
    server = await real.start();
    kubectl = await findKubectl(server.kubeconfigPath);
    await using client = directClient(server);
    await installKinds(client);
    for (const overlay of overlays) rendered.set(overlay, await render(kubectl, overlay));
    for (const name of namespaces)
      await insisting(kubectl)(["apply", "--server-side", "-f", "-"], namespaceYaml(name));
  });

  afterAll(async () => {
    await kubectl(["delete", "namespace", ...namespaces]);
    await server[Symbol.asyncDispose]();
  });

  /** Restricted as it is in the manifests. */
  function namespaceYaml(name: string): string {
    const found = rendered.get("cluster-wide")?.find(({ kind }) => kind === "Namespace");
    return JSON.stringify({ ...found, metadata: { ...found?.metadata, name } });
  }

  it.each(overlays)("%s is taken by the API server as a whole", async (overlay) => {
    const applied = await kubectl(["apply", "--server-side", "--dry-run=server", "-k", overlayPath(overlay)]);
    expect([applied.status, applied.errors]).toEqual([0, ""]);
    expect(applied.output.trim().split("\n")).toHaveLength(rendered.get(overlay)?.length ?? 0);
  });

  it.each(overlays)(
    "%s: Pods of its Deployments are admitted where only restricted ones are",
    async (overlay) => {
      for (const deployment of deploymentsOf(rendered.get(overlay) ?? [])) {
        const created = await kubectl(
          ["create", "--dry-run=server", "-f", "-"],
          JSON.stringify(podOf(deployment)),
        );
        expect([deployment.metadata.name, created.status, created.errors]).toEqual([
          deployment.metadata.name,
          0,
          "",
        ]);
      }
    },
  );

  it.each([
    { name: "as root", spec: { securityContext: { runAsUser: 0 } } },
    { name: "without a seccomp profile", spec: { securityContext: { runAsNonRoot: true } } },
    { name: "on the network of the node", spec: { hostNetwork: true } },
  ])("the same Pod $name is refused, so that the admission says something", async ({ spec }) => {
    const [deployment] = deploymentsOf(rendered.get("cluster-wide") ?? []);
    if (deployment === undefined) throw new Error("there is no Deployment");
    const pod = podOf(deployment);
    const loosened = { ...pod, spec: { ...deployment.spec.template.spec, ...spec } };
    const created = await kubectl(["create", "--dry-run=server", "-f", "-"], JSON.stringify(loosened));
    expect(created.status).not.toBe(0);
    expect(created.errors).toContain("violates PodSecurity");
  });

  it("the operator has two replicas that a disruption budget keeps, and the leader's Lease is that of the fence", () => {
    const objects = rendered.get("cluster-wide") ?? [];
    const operator = deploymentsOf(objects).find(({ metadata }) => metadata.name === "lmos-operator");
    expect(operator?.spec.replicas).toBe(2);
    expect(objects.find(({ kind }) => kind === "PodDisruptionBudget")).toMatchObject({
      spec: { minAvailable: 1, selector: { matchLabels: { "app.kubernetes.io/name": "lmos-operator" } } },
    });
    expect(objects.find(({ kind }) => kind === "ValidatingAdmissionPolicyBinding")).toMatchObject({
      spec: { paramRef: { name: "lmos-operator", namespace: operator?.metadata.namespace } },
    });
  });

  it("nothing in the namespaced form is bound to a role of the cluster", () => {
    const objects = rendered.get("namespaced") ?? [];
    expect(objects.filter(({ kind }) => kind === "ClusterRoleBinding")).toEqual([]);
    const bindings = objects.filter(({ kind }) => kind === "RoleBinding");
    expect(bindings.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort()).toEqual([
      "lmos-system/lmos-operator",
      "shop/lmos-operator",
      "shop/lmos-runtime",
    ]);
    const [operator, runtime] = deploymentsOf(objects);
    expect(operator?.spec.template.spec.containers[0].args).toContain("--watch-namespaces=shop");
    expect(runtime?.spec.template.spec.containers[0].args).toContain("--namespace=shop");
  });

  it("the components of an installation can be chosen: who reads is asked, and agents get tokens, where that is added", async () => {
    const overlay = JSON.stringify({
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: ["../cluster-wide"],
      components: ["../authenticated", "../agent-tokens"],
    });
    const folder = await mkdtemp(overlayPath("suite-"));
    try {
      await writeFile(`${folder}/kustomization.yaml`, overlay);
      const objects = await render(kubectl, folder.slice(folder.lastIndexOf("/") + 1));
      const [operator, runtime] = deploymentsOf(objects);
      expect(operator?.spec.template.spec.containers[0].args).toContain("--auth=kubernetes");
      const keys = "--agent-tokens=/etc/lmos/agent-tokens/keys.pem";
      expect(runtime?.spec.template.spec.containers[0].args).toContain(keys);
      expect(JSON.stringify(runtime)).toContain('"secretName":"lmos-agent-tokens"');
      expect(JSON.stringify(operator)).not.toContain("agent-tokens");
      const names = objects.filter(({ kind }) => kind === "ClusterRole").map(({ metadata }) => metadata.name);
      expect(names).toContain("lmos-operator-token-review");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

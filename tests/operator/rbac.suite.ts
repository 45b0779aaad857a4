/** S11: operator and runtime run with exactly the roles of the manifests. Nothing is refused, and no right is unused. */
import {
  authenticationPermissions,
  grantPermissions,
  ownPermissions,
  watchedPermissions,
} from "@lmos/operator";
import { channelKind, channelRoutingKind } from "@lmos/resources";
import { runtimeGrantPermissions, runtimePermissions } from "@lmos/runtime";
import type { HistoryEntry } from "@lmos/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { directClient } from "../faults/harness/access.ts";
import { eventually, pause } from "../faults/harness/eventually.ts";
import { requestToken } from "../faults/harness/service-account.ts";
import type { Server } from "../kubernetes/server.ts";
import { deployAgent } from "./operations/agent-workload.ts";
import { keepLeasesSeen } from "./operations/fence.ts";
import { figure } from "./operations/figure.ts";
import { findKubectl, insisting, type Kubectl } from "./operations/kubectl.ts";
import { overlayPath } from "./operations/manifests.ts";
import { type Replica, startBehindProxy } from "./operations/replica.ts";
import { grantedRights, refusals, usedRights } from "./operations/rights.ts";
import { applyObject, makeScene } from "./operations/scene.ts";
import { realServers } from "./operations/test-servers.ts";

const { signal } = new AbortController();
const system = "lmos-system";
/** The namespace that the namespaced overlay names. */
const watched = "shop";
/** Who reads the routing. */
const reader = "reader";
const key = { namespace: watched, name: "acme-web" };

/** So that Argo Rollouts are looked for, too. */
const rolloutDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "rollouts.argoproj.io" },
  spec: {
    group: "argoproj.io",
    names: { kind: "Rollout", plural: "rollouts", singular: "rollout" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1alpha1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};

function channel(requirement: string) {
  return {
    apiVersion: "lmos.eclipse/v1",
    kind: "Channel",
    metadata: { ...key, labels: { tenant: "acme", channel: "web", subset: "stable", version: "1.0.0" } },
    spec: { activationPolicy: "Fail", requiredCapabilities: [{ name: requirement, version: "^1.0.0" }] },
  };
}

describe.runIf(realServers.length > 0)("with exactly the roles of the manifests", () => {
  let server: Server;
  let kubectl: Kubectl;
  let run: ReturnType<typeof insisting>;
  let tokenReview: string;

  beforeAll(async () => {
    const [real] = realServers;
    if (real === undefined) return;
    server = await real.start();
    kubectl = await findKubectl(server.kubeconfigPath);
    run = insisting(kubectl);
    await using client = directClient(server);
    await keepLeasesSeen(client);
    await run(["apply", "--server-side", "--force-conflicts", "-f", "-"], JSON.stringify(rolloutDefinition));
    await run(["create", "namespace", watched]);
    await run(["create", "serviceaccount", reader, "-n", watched]); // no controller here makes a default one
    tokenReview = await run([
      "create",
      "--dry-run=client",
      "-o",
      "yaml",
      "-f",
      `${overlayPath("authenticated")}/rbac.yaml`,
    ]);
  });

  afterAll(async () => {
    await kubectl(["delete", "-f", "-"], tokenReview);
    await kubectl(["delete", "--ignore-not-found", "-k", overlayPath("namespaced")]);
    await kubectl(["delete", "namespace", watched]);
    await kubectl(["delete", "-f", "-"], JSON.stringify(rolloutDefinition));
    await server[Symbol.asyncDispose]();
  });

  describe.each([
    {
      overlay: "cluster-wide",
      operatorScope: ["--grants", "audit"],
      runtimeScope: ["--grants", "audit"],
      inCluster: grantPermissions,
      runtimeInCluster: runtimeGrantPermissions,
    },
    {
      overlay: "namespaced",
      operatorScope: ["--watch-namespaces", watched],
      runtimeScope: ["--namespace", watched],
      inCluster: [],
      runtimeInCluster: [],
    },
  ])("$overlay", ({ overlay, operatorScope, runtimeScope, inCluster, runtimeInCluster }) => {
    beforeAll(async () => {
      await kubectl(["delete", "--ignore-not-found", "clusterrolebinding", "lmos-operator", "lmos-runtime"]);
      await run(["apply", "--server-side", "--force-conflicts", "-k", overlayPath(overlay)]);
      await run(["apply", "--server-side", "--force-conflicts", "-f", "-"], tokenReview);
      // As on a new cluster: what is there already need not be made.
      await kubectl(["delete", "--ignore-not-found", "-n", system, "lease", "lmos-operator"]);
      await kubectl(["delete", "--ignore-not-found", "-n", watched, "channels,agents,deployments", "--all"]);
    });

    it("the operator does all that it does", async () => {
      const parameters = ["--local", "--leader-elect", "--auth", "kubernetes", ...operatorScope];
      await using operator = await startAs("lmos-operator", ["operator", ...parameters]);
      await playScene(operator);
      const granted = [
        ...watchedPermissions,
        ...inCluster,
        ...ownPermissions("lmos-operator"),
        ...authenticationPermissions,
      ];
      const { history } = operator.proxy;
      await eventually("every right is used", () => missing(granted, history).length === 0, 30_000).catch(
        () => 0,
      );
      expect(refusals(history)).toEqual([]);
      expect(usedRights(history)).toEqual(grantedRights(granted));
    });

    it("the runtime reads what it reads", async () => {
      await using runtime = await startAs("lmos-runtime", ["runtime", ...runtimeScope]);
      const granted = [...runtimePermissions, ...runtimeInCluster];
      const { history } = runtime.proxy;
      await eventually("every right is used", () => missing(granted, history).length === 0, 60_000).catch(
        () => 0,
      );
      expect(refusals(history)).toEqual([]);
      expect(usedRights(history)).toEqual(grantedRights(granted));
    });
  });

  it("in the namespaced form other namespaces are out of reach", async () => {
    expect(await may("list", "agents.lmos.eclipse", "-n", watched)).toContain("yes");
    expect(await may("list", "agents.lmos.eclipse", "-n", "default")).toContain("no");
    expect(await may("list", "agents.lmos.eclipse", "-A")).toContain("no");
    expect(await may("get", "secrets", "-n", watched)).toContain("no");
    expect(await may("patch", "deployments.apps", "-n", watched)).toContain("no");
  });

  it("O20: rights that are withdrawn are missed in the open, and work goes on when they are back", async () => {
    await run(["apply", "--server-side", "--force-conflicts", "-k", overlayPath("cluster-wide")]);
    await kubectl(["delete", "--ignore-not-found", "-n", system, "lease", "lmos-operator"]);
    await using client = directClient(server);
    const scene = await makeScene(client, "o20");
    await using operator = await startAs("lmos-operator", ["operator"]);
    await scene.untilRouted("first", 30_000);
    await run(["delete", "clusterrolebinding", "lmos-operator"]);
    const mayWatch = async () => (await may("watch", "agents.lmos.eclipse", "-A")).includes("yes");
    await eventually("the server knows", async () => !(await mayWatch()), 30_000);
    operator.proxy.cutWatches(); // the server itself lets a running watch go on
    await scene.describeAgent("second");
    await pause(5_000);
    const { management } = await operator.operator.addresses();
    const metrics = await (await fetch(`${management}/metrics`)).text();
    expect(metrics).toMatch(/rest_client_requests_total\{[^}]*code="403"[^}]*\} [1-9]/);
    expect((await scene.routing())?.spec.capabilityGroups[0]?.description).toBe("first");
    await run(["apply", "--server-side", "--force-conflicts", "-k", overlayPath("cluster-wide")]);
    const tookMs = await scene.untilRouted("second", 60_000);
    figure({ name: "real", what: "rights given back → edit routed", asked: "without a restart", tookMs });
    expect(operator.operator.ended).toBeUndefined();
  });

  /** What `kubectl auth can-i` says of the operator's account. */
  async function may(...what: readonly string[]): Promise<string> {
    const asOperator = ["--as", `system:serviceaccount:${system}:lmos-operator`];
    return (await kubectl(["auth", "can-i", ...what, ...asOperator])).output;
  }

  async function startAs(
    account: string,
    command: readonly ["operator" | "runtime", ...string[]],
  ): Promise<Replica> {
    const token = await requestToken(server, { namespace: system, name: account });
    return startBehindProxy({ ...server, token }, system, command);
  }

  /** Discovers an agent, wires, changes and removes a routing, tells of it, and answers who asks. */
  async function playScene(operator: Replica): Promise<void> {
    await using client = directClient(server);
    await client.delete(channelKind, key, { signal });
    await using _agent = await deployAgent(client, watched, "bill");
    const isRouted = async () => (await client.get(channelRoutingKind, key, { signal })) !== undefined;
    const require = async (capability: string, routed: boolean): Promise<void> => {
      await applyObject(client, channelKind, channel(capability));
      await eventually(`${capability} is decided`, async () => (await isRouted()) === routed, 30_000);
    };
    await require("bill", true);
    await require("nothing", false);
    await require("bill", true);
    await require("nothing", false); // the same event as before, which is counted
    await require("bill", true);
    const token = await requestToken(server, { namespace: watched, name: reader });
    const { api } = await operator.operator.addresses();
    const isAnswered = async (): Promise<boolean> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${api}/apis/v1/tenants/acme/channels/web/routing`, { headers })).ok;
    };
    await eventually("the reader is answered", isAnswered, 30_000); // from caches, which hear of the routing a moment later
  }
});

function missing(
  permissions: Parameters<typeof grantedRights>[0],
  history: readonly HistoryEntry[],
): readonly string[] {
  const used = new Set(usedRights(history));
  return grantedRights(permissions).filter((right) => !used.has(right));
}

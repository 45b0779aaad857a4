/** `lmos route`, `chat` and `memory` where a cluster says which agents and which runtime are meant. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startTestCluster, type TestCluster } from "../testing/test-cluster.ts";

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster();
});
afterEach(() => cluster.clear());
afterAll(() => cluster[Symbol.asyncDispose]());

describe("lmos route", () => {
  const routing = (name: string, agent: string, labels: Record<string, string>, namespace = "default") => ({
    apiVersion: "lmos.eclipse/v1",
    kind: "ChannelRouting",
    metadata: { name, namespace, labels: { tenant: "acme", channel: "web", ...labels } },
    spec: {
      capabilityGroups: [
        {
          name: agent,
          capabilities: [
            {
              name: "bill",
              providedVersion: "1.0.0",
              description: "shows bills",
              examples: ["show my bill"],
            },
          ],
        },
        {
          name: "weather",
          capabilities: [{ id: "w", name: "rain", providedVersion: "1.0.0", examples: ["will it rain"] }],
        },
      ],
    },
  });
  const route = async (...parameters: readonly string[]) => {
    const all = ["route", "show my bill", "--channel", "web", "-o", "json", ...parameters];
    return await cluster.run(...all);
  };

  it.each([
    { name: "of the subset stable, unless told", parameters: [], agent: "billing" },
    { name: "of another subset", parameters: ["--subset", "canary"], agent: "billing-next" },
    { name: "of another namespace", parameters: ["-n", "shop"], agent: "billing-of-shop" },
  ])("asks the agents of the channel's routing $name", async ({ parameters, agent }) => {
    await cluster.put(routing("stable", "billing", {}));
    await cluster.put(routing("canary", "billing-next", { subset: "canary" }));
    await cluster.put(routing("stable", "billing-of-shop", { subset: "stable" }, "shop"));
    const { code, out } = await route("--tenant", "acme", ...parameters);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ decision: "accept", agent, capability: "bill" });
  });

  it.each([
    {
      name: "tenant",
      parameters: ["--tenant", "globex"],
      says: "no routing for tenant globex, channel web, subset stable",
    },
    {
      name: "subset",
      parameters: ["--tenant", "acme", "--subset", "beta"],
      says: "channel web, subset beta in namespace default",
    },
  ])("says that there is no such $name", async ({ parameters, says }) => {
    await cluster.put(routing("stable", "billing", {}));
    const { code, out, hints } = await route(...parameters);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(hints).toContain(says);
    expect(hints).toContain("see `lmos get channels -A`");
  });
});

describe("the runtime of a laptop cluster", () => {
  it.each([
    {
      parameters: ["chat", "acme/web", "-t", "hi"],
      says: "run `kubectl port-forward service/lmos-runtime 8081` and add --runtime http://127.0.0.1:8081",
    },
    {
      parameters: ["memory", "list", "acme/ada"],
      says: "run `kubectl port-forward service/lmos-runtime 9090` and add --management http://127.0.0.1:9090",
    },
  ])("is missed by $parameters with the option that names another one", async ({ parameters, says }) => {
    const { code, out, hints } = await cluster.run(...parameters);
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(hints).toContain(says);
  });
});

/** What Agents say of grants and of their names. */

import { type Agent, conditionOf, type GrantsMode } from "@lmos/resources";
import { FakeClock } from "@lmos/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { grantObject } from "../testing/grants.ts";
import { agentOf, deploymentOf, ownerOfDeployment } from "../testing/objects.ts";
import { createAgentReconciler } from "./reconciler.ts";
import { agentSources } from "./sources.ts";

const { signal } = new AbortController();
const key = { namespace: "default", name: "billing" };
let cluster: FakeCluster;

beforeEach(() => {
  cluster = new FakeCluster();
});

async function look(grants: GrantsMode): Promise<void> {
  const clock = new FakeClock();
  await createAgentReconciler({ stores: cluster.stores, writers: cluster.writers, clock, grants })(key, {
    signal,
  });
}

function condition(type: string): string {
  const found = conditionOf(cluster.agents.get(key)?.status?.conditions, type);
  return found === undefined ? "" : `${found.status} ${found.reason}: ${found.message}`;
}

function serving(supportedTenants: string[], capabilities = ["bill@1.0.0"]): Agent {
  const agent = agentOf("billing", capabilities);
  return { ...agent, spec: { ...agent.spec, supportedTenants } };
}

const allGranted = "True AllGranted: every capability is granted to every tenant that it is claimed for";

describe("Granted", () => {
  it.each([
    { name: "a tenant that is granted", agent: serving(["acme"]), grant: {}, expected: allGranted },
    {
      name: "a tenant that is not",
      agent: serving(["acme", "globex"]),
      grant: {},
      expected: "False NotGranted: not granted: bill@1.0.0 to globex",
    },
    {
      name: "every tenant, by naming none",
      agent: serving([]),
      grant: {},
      expected: "False NotGranted: not granted: bill@1.0.0 to every tenant",
    },
    {
      name: "every tenant, which is granted",
      agent: serving([]),
      grant: { tenants: ["*"] },
      expected: allGranted,
    },
    {
      name: "a tenant named like a pattern",
      agent: serving(["*"]),
      grant: {},
      expected: "False NotGranted: not granted: bill@1.0.0 to *",
    },
    {
      name: "a version beyond the grant",
      agent: serving(["acme"], ["bill@999.0.0", "news@1.0.0"]),
      grant: { versions: "^1.0.0" },
      expected: "False NotGranted: not granted: bill@999.0.0 to acme",
    },
    {
      name: "a name that looks like a granted one",
      agent: serving(["acme"], ["b\u0456ll@1.0.0"]),
      grant: {},
      expected: "False NotGranted: not granted: b\\u{456}ll@1.0.0 to acme",
    },
    { name: "nothing", agent: serving(["acme"], []), grant: { capabilities: [] }, expected: allGranted },
  ])("S2 of an agent that claims $name", async ({ agent, grant, expected }) => {
    cluster.grants.put(grantObject("one", grant));
    cluster.agents.put(agent);
    await look("enforce");
    expect(condition("Granted")).toBe(expected);
    cluster.agents.put(agent);
    await look("audit");
    expect(condition("Granted")).toBe(expected);
  });

  it("is said by one event as long as it stays so, and not at all where grants do not count", async () => {
    cluster.agents.put(serving(["acme"]));
    await look("off");
    expect([condition("Granted"), ...cluster.events]).toEqual([""]);
    await look("audit");
    await look("audit");
    expect(cluster.events).toEqual(["NotGranted: not granted: bill@1.0.0 to acme"]);
  });

  it("names ten claims and counts the others", async () => {
    cluster.agents.put(
      serving(
        ["acme"],
        Array.from({ length: 12 }, (_, at) => `bill-${at}@1.0.0`),
      ),
    );
    await look("audit");
    expect(condition("Granted")).toMatch(/bill-9@1\.0\.0 to acme; and 2 more$/);
  });
});

describe("NamesValid", () => {
  it("is there from the first name on that looks like another one, in every mode", async () => {
    cluster.agents.put(serving(["acme"]));
    await look("off");
    expect(condition("NamesValid")).toBe("");
    const agent = cluster.agents.get(key);
    const spoofed = serving(["acme"], ["b\u0456ll@1.0.0"]);
    cluster.agents.put({ ...spoofed, status: agent?.status });
    await look("off");
    expect(condition("NamesValid")).toBe(
      "False ConfusableName: people may take these names for others: b\\u{456}ll",
    );
    expect(cluster.events).toEqual(["ConfusableName: people may take these names for others: b\\u{456}ll"]);
    cluster.agents.put({ ...serving(["acme"]), status: cluster.agents.get(key)?.status });
    await look("off");
    expect(condition("NamesValid")).toBe("True AllPlain: every name is what it looks like");
  });
});

describe("a grant's edit", () => {
  it.each([
    {
      name: "its agent",
      spec: { providers: [{ namespace: "default", agent: "billing" }] },
      expected: ["billing"],
    },
    { name: "agents of its capability", spec: { capabilities: ["news"] }, expected: ["press"] },
    {
      name: "agents of all its namespaces",
      spec: { providers: [{ namespace: "*" }] },
      expected: ["billing", "press"],
    },
    { name: "nobody of another namespace", spec: { providers: [{ namespace: "other" }] }, expected: [] },
    {
      name: "agents of its service account",
      spec: { providers: [{ namespace: "default", serviceAccount: "default" }] },
      expected: ["billing"],
    },
  ])("concerns $name", ({ spec, expected }) => {
    const owner = ownerOfDeployment("billing");
    const agent = serving([]);
    cluster.deployments.put(deploymentOf("billing"));
    cluster.agents.put({ ...agent, metadata: { ...agent.metadata, ownerReferences: [owner] } });
    cluster.agents.put(agentOf("press", ["news@1.0.0"]));
    const names: string[] = [];
    for (const source of agentSources(cluster.stores)) source.start(({ name }) => void names.push(name));
    names.length = 0;
    cluster.grants.put(grantObject("one", spec));
    expect(names.toSorted()).toEqual(expected);
  });
});

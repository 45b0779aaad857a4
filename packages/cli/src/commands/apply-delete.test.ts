/** `lmos apply` and `delete` against an API server: what they print, and with which code they exit. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { agentKind } from "@lmos/resources";
import { FakeClock } from "@lmos/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { passing } from "../testing/passing.ts";
import { runUntil } from "../testing/run-with.ts";
import { startTestCluster, type TestCluster } from "../testing/test-cluster.ts";

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster();
});
afterEach(() => cluster.clear());
afterAll(() => cluster[Symbol.asyncDispose]());

const { signal } = new AbortController();
const write = (text: string): Promise<void> => writeFile(join(cluster.folder, "all.yaml"), text);
const agent = (name: string, namespace = "default"): string =>
  `{apiVersion: lmos.eclipse/v1, kind: Agent, metadata: {name: ${name}, namespace: ${namespace}}, spec: {providedCapabilities: []}}\n`;
const foreign = "{apiVersion: example.com/v1, kind: Thing, metadata: {name: x}}\n";
const names = async (): Promise<readonly string[]> =>
  (await cluster.client.list(agentKind, { signal })).items.map(({ metadata }) => metadata.name);

it("apply the objects of a file, the same again, and take them away", async () => {
  await write([agent("a"), agent("b", "shop")].join("---\n"));
  const applied = "agent default/a applied\nagent shop/b applied";
  expect(await cluster.run("apply", "-f", "all.yaml")).toEqual({ code: 0, out: applied, hints: "" });
  expect(await cluster.run("apply", "-f", "all.yaml")).toEqual({ code: 0, out: applied, hints: "" });
  expect(await names()).toEqual(["a", "b"]);
  expect(await cluster.run("delete", "-f", "all.yaml")).toEqual({
    code: 0,
    out: "agent shop/b deleted\nagent default/a deleted",
    hints: "",
  });
  expect(await cluster.run("delete", "-f", "all.yaml")).toEqual({
    code: 0,
    out: "agent shop/b was not there\nagent default/a was not there",
    hints: "",
  });
  expect(await names()).toEqual([]);
});

it.each(["apply", "delete"])("%s reads what is piped in", async (command) => {
  const input = Readable.from([Buffer.from(agent("piped"))]);
  const environment = { workingDirectory: cluster.folder };
  const outcome = await runUntil({ environment, signal, input }, command, "-f", "-");
  const done = command === "apply" ? "applied" : "was not there";
  expect(outcome).toEqual({ code: 0, out: `agent default/piped ${done}`, hints: "" });
});

describe("the namespace of -n", () => {
  const nameless = (name: string): string => agent(name).replace(", namespace: default", "");

  it("is that of objects that name none", async () => {
    await write([nameless("a"), agent("b", "shop")].join("---\n"));
    const outcome = await cluster.run("apply", "-f", "all.yaml", "-n", "shop");
    expect(outcome).toEqual({ code: 0, out: "agent shop/a applied\nagent shop/b applied", hints: "" });
    expect(await cluster.run("delete", "-f", "all.yaml", "-n", "shop")).toMatchObject({ code: 0 });
    expect(await names()).toEqual([]);
  });

  it.each(["apply", "delete"])("is not another one than an object names, to %s", async (command) => {
    await write([nameless("a"), agent("b", "default")].join("---\n"));
    const { code, out, hints } = await cluster.run(command, "-f", "all.yaml", "-n", "shop");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(hints).toBe("error: Agent b names the namespace default, and -n shop: leave one of them out");
  });

  it("is nothing to an object that has none", async () => {
    await write("{apiVersion: v1, kind: Namespace, metadata: {name: brand-new}}\n");
    expect(await cluster.run("apply", "-f", "all.yaml", "-n", "shop")).toMatchObject({ code: 0 });
  });
});

describe("a dry run", () => {
  it.each(["--dry-run", "--dry-run=server"])("asks the cluster and writes nothing: %s", async (option) => {
    await write(agent("a"));
    const outcome = await cluster.run("apply", "-f", "all.yaml", option);
    expect(outcome).toEqual({ code: 0, out: "agent default/a would be applied", hints: "" });
    expect(await names()).toEqual([]);
  });

  it("names what would be refused", async () => {
    await write([agent("a"), agent("Not_A_Name")].join("---\n"));
    const { code, out, hints } = await cluster.run("apply", "-f", "all.yaml", "--dry-run");
    expect({ code, out }).toEqual({ code: 1, out: "agent default/a would be applied" });
    expect(hints).toContain("error: 1 of 2 objects refused");
  });

  it("of a client alone there is none", async () => {
    expect(await cluster.run("apply", "-f", "all.yaml", "--dry-run=client")).toMatchObject({ code: 2 });
  });
});

it("folders in a folder are read with -R, and what get prints can be applied again", async () => {
  await mkdir(join(cluster.folder, "tree/sub"), { recursive: true });
  await writeFile(join(cluster.folder, "tree/a.yaml"), agent("a"));
  await writeFile(join(cluster.folder, "tree/sub/b.yaml"), agent("b"));
  const { out } = await cluster.run("apply", "-R", "-f", "tree");
  expect(out).toBe("agent default/a applied\nagent default/b applied");
  const printed = (await cluster.run("get", "agents", "-o", "yaml")).out;
  await write(
    printed.replaceAll(/^ +(resourceVersion|uid|managedFields|creationTimestamp|generation):.*\n/gm, ""),
  );
  expect(await cluster.run("apply", "-f", "all.yaml")).toMatchObject({ code: 0, out });
});

describe("what is named", () => {
  it.each([
    { name: "by kind and name", words: ["agent", "a", "b"] },
    { name: "by kinds of any case", words: ["Agents", "a", "b"] },
    { name: "by a short name", words: ["ag", "a", "b"] },
    { name: "in one word each", words: ["agent/a", "agent/b"] },
  ])("is deleted $name", async ({ words }) => {
    await write([agent("a"), agent("b"), agent("c")].join("---\n"));
    await cluster.run("apply", "-f", "all.yaml");
    const outcome = await cluster.run("delete", ...words);
    expect(outcome).toEqual({ code: 0, out: "agent default/b deleted\nagent default/a deleted", hints: "" });
    expect(await names()).toEqual(["c"]);
  });

  it("has to be there, and in the namespace that is named", async () => {
    await write(agent("a"));
    await cluster.run("apply", "-f", "all.yaml");
    const { code, out, hints } = await cluster.run("delete", "agent", "a", "-n", "shop");
    expect({ code, out }).toEqual({ code: 1, out: "agent shop/a was not there" });
    expect(hints).toBe("error: not all that was named was there, as said above");
  });

  it.each([
    { name: "nothing", words: [], says: "name an object by its kind and its name, or a file with -f" },
    { name: "a kind alone", words: ["agent"], says: "name what is meant by its kind and its name" },
    { name: "an unknown kind", words: ["thing", "a"], says: 'the API server serves no kind "thing"' },
    { name: "an object and a file", words: ["agent", "a", "-f", "all.yaml"], says: "agent a and -f" },
  ])("is not $name", async ({ words, says }) => {
    const { code, out, hints } = await cluster.run("delete", ...words);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(hints).toContain(says);
  });
});

describe("an object that is refused", () => {
  const bad = agent("bad").replace("providedCapabilities: []", "providedCapabilities: 5");

  it.each([
    { name: "before the others", objects: [bad, agent("a"), agent("b")] },
    { name: "between the others", objects: [agent("a"), bad, agent("b")] },
    { name: "after the others", objects: [agent("a"), agent("b"), bad] },
  ])("$name keeps none of them from being applied", async ({ objects }) => {
    await write(objects.join("---\n"));
    const { code, out, hints } = await cluster.run("apply", "-f", "all.yaml");
    expect({ code, out }).toEqual({ code: 1, out: "agent default/a applied\nagent default/b applied" });
    expect(hints.split("\n")).toEqual([
      expect.stringMatching(
        /^refused: apply Agent default\/bad: .*spec\.providedCapabilities: expected list/,
      ),
      "error: 1 of 3 objects refused, as said above",
    ]);
    expect(await names()).toEqual(["a", "b"]);
  });

  it("is each one that is, by its name", async () => {
    await write([foreign, agent("a"), agent("Not_A_Name"), agent("lost", "nowhere")].join("---\n"));
    const { code, out, hints } = await cluster.run("apply", "-f", "all.yaml");
    expect({ code, out }).toEqual({ code: 1, out: "agent default/a applied" });
    expect(hints.split("\n")).toEqual([
      "refused: x: the API server serves no kind Thing in example.com/v1",
      expect.stringMatching(/^refused: apply Agent default\/Not_A_Name: .*Invalid value: "Not_A_Name"/),
      'refused: apply Agent nowhere/lost: namespaces "nowhere" not found',
      "error: 3 of 4 objects refused, as said above",
    ]);
  });

  it("keeps none of the others from being deleted", async () => {
    await write([agent("a"), agent("b")].join("---\n"));
    await cluster.run("apply", "-f", "all.yaml");
    await write([agent("a"), foreign, agent("b")].join("---\n"));
    const { code, out, hints } = await cluster.run("delete", "-f", "all.yaml");
    expect({ code, out }).toEqual({ code: 1, out: "agent default/b deleted\nagent default/a deleted" });
    expect(hints).toContain("error: 1 of 3 objects refused");
    expect(await names()).toEqual([]);
  });
});

it("nothing is applied where one document can't be read", async () => {
  await write([agent("a"), "metadata: {name: b}\n", agent("c")].join("---\n"));
  const { code, out, hints } = await cluster.run("apply", "-f", "all.yaml");
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(hints).toContain("all.yaml, document 2 is not a Kubernetes object: apiVersion: ");
  expect(await names()).toEqual([]);
});

it("a cluster that can't be reached ends it at once", async () => {
  await write([agent("a"), agent("b")].join("---\n"));
  const kubeconfig = {
    clusters: [{ name: "one", cluster: { server: "http://127.0.0.1:1" } }],
    users: [{ name: "one", user: {} }],
    contexts: [{ name: "one", context: { cluster: "one", user: "one" } }],
    "current-context": "one",
  };
  await writeFile(join(cluster.folder, "away"), JSON.stringify(kubeconfig));
  for (const command of ["apply", "delete"]) {
    const clock = new FakeClock();
    const environment = { workingDirectory: cluster.folder };
    const parameters = [command, "-f", "all.yaml", "--kubeconfig", "away"];
    const { code, out, hints } = await passing(
      clock,
      runUntil({ environment, signal, clock }, ...parameters),
    );
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(hints.split("\n")).toHaveLength(1);
  }
});

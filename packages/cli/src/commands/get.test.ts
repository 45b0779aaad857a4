/** `lmos get` against an API server: what they print, and with which code they exit. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { runUntil } from "../testing/run-with.ts";
import { startTestCluster, type TestCluster } from "../testing/test-cluster.ts";

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster();
});
afterEach(() => cluster.clear());
afterAll(() => cluster[Symbol.asyncDispose]());

const apiVersion = "lmos.eclipse/v1";
const agent = (name: string, namespace = "default") => ({
  apiVersion,
  kind: "Agent",
  metadata: { name, namespace, labels: { team: name } },
  spec: { supportedChannels: ["web", "ivr"], providedCapabilities: [{ name: "bill", version: "1.0.0" }] },
  status: { host: `${name}.${namespace}.svc.cluster.local`, capabilities: 1 },
});
const channel = (name: string) => ({
  apiVersion,
  kind: "Channel",
  metadata: { name, namespace: "default", labels: { tenant: "acme", channel: name, subset: "stable" } },
  spec: { requiredCapabilities: [{ name: "bill", version: "^1.0.0" }] },
  status: { resolveStatus: "RESOLVED", unresolvedRequiredCapabilities: [], resolved: "1/1", agents: 1 },
});

describe("an empty cluster", () => {
  it.each([
    { name: "as a table", parameters: ["channels"], out: "", hints: "no channels in default" },
    {
      name: "of all namespaces",
      parameters: ["agents", "-A"],
      out: "",
      hints: "no agents in any namespace",
    },
    {
      name: "of another namespace",
      parameters: ["cr", "-n", "shop"],
      out: "",
      hints: "no channelroutings in shop",
    },
    {
      name: "of a kind without namespaces",
      parameters: ["tenants"],
      out: "",
      hints: "no tenants in any namespace",
    },
    { name: "as JSON", parameters: ["channels", "-o", "json"], out: "[]", hints: "no channels in default" },
    { name: "as names", parameters: ["ag", "-o", "name"], out: "", hints: "no agents in default" },
    { name: "as lines", parameters: ["ag", "-o", "ndjson"], out: "", hints: "no agents in default" },
  ])("$name", async ({ parameters, out, hints }) => {
    expect(await cluster.run("get", ...parameters)).toEqual({ code: 0, out, hints });
  });

  it.each([
    { name: "an object by name", parameters: ["channel", "web"], says: "channel web not found in default" },
    {
      name: "one of any namespace",
      parameters: ["agent", "a", "-A"],
      says: "agent a not found in any namespace",
    },
  ])("has not $name", async ({ parameters, says }) => {
    const { code, out, hints } = await cluster.run("get", ...parameters);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(hints).toBe(`error: ${says}`);
  });
});

describe("agents and channels", () => {
  const rowsOf = (out: string): readonly string[] =>
    out.split("\n").map((row) => row.replaceAll(/ {2,}/g, "|"));

  it("are rows with the columns that matter", async () => {
    await cluster.put(agent("billing"));
    const { out } = await cluster.run("get", "agents");
    expect(rowsOf(out)).toEqual([
      "NAME|READY|CAPABILITIES|SUBSET|CHANNELS|AGE",
      expect.stringMatching(/^billing\|.*1\|stable\|web,ivr\|/),
    ]);
  });

  it.each([
    { name: "wide", parameters: ["agents", "-o", "wide"], says: "billing.default.svc.cluster.local" },
    { name: "with the namespace", parameters: ["agents", "-A"], says: "default" },
    { name: "as names", parameters: ["agents", "-o", "name"], says: "agent.lmos.eclipse/billing" },
    { name: "as YAML", parameters: ["agent", "billing", "-o", "yaml"], says: "kind: Agent" },
    { name: "without the head line", parameters: ["agents", "--no-headers"], says: "billing" },
    { name: "of a label", parameters: ["agents", "-l", "team=billing"], says: "billing" },
  ])("$name", async ({ parameters, says }) => {
    await cluster.put(agent("billing"));
    await cluster.put(agent("orders", "shop"));
    const { code, out } = await cluster.run("get", ...parameters);
    expect(code).toBe(0);
    expect(out).toContain(says);
    expect(out.includes("orders")).toBe(parameters.includes("-A"));
  });

  it("are a list in JSON, one by its name is itself, and of several each is a line", async () => {
    await cluster.put(channel("ivr"));
    await cluster.put(channel("web"));
    const list: unknown = JSON.parse((await cluster.run("get", "channels", "-o", "json")).out);
    expect(list).toMatchObject([{ metadata: { name: "ivr" } }, { metadata: { name: "web" } }]);
    const one: unknown = JSON.parse((await cluster.run("get", "ch", "web", "-o", "json")).out);
    expect(one).toMatchObject({ kind: "Channel", status: { resolved: "1/1" } });
    const lines = (await cluster.run("get", "ch", "-o", "ndjson")).out.split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { kind: "Channel" },
      { kind: "Channel" },
    ]);
  });

  it.each([
    { name: "several names", parameters: ["agents", "a", "c"], out: "a\nc" },
    { name: "one in a word with its kind", parameters: ["agent/b"], out: "b" },
    { name: "several such words", parameters: ["ag/a", "ag/b"], out: "a\nb" },
  ])("are shown by $name", async ({ parameters, out }) => {
    for (const name of ["a", "b", "c"]) await cluster.put(agent(name));
    const outcome = await cluster.run("get", ...parameters, "-o", "name");
    expect(outcome).toEqual({ code: 0, out: out.replaceAll(/^/gm, "agent.lmos.eclipse/"), hints: "" });
  });

  it("are named where they are missing among others", async () => {
    await cluster.put(agent("a"));
    const { code, out, hints } = await cluster.run("get", "agents", "a", "b", "c");
    expect({ code, out, hints }).toEqual({
      code: 1,
      out: "",
      hints: "error: agent b, c not found in default",
    });
  });

  it("are not shown for a selector that nobody can read", async () => {
    const { code, hints } = await cluster.run("get", "agents", "-l", "a=(");
    expect(code).toBe(1);
    expect(hints).toContain("unable to parse");
  });
});

it("goes on with a line for each change until it is stopped, which is no failure", async () => {
  await cluster.put(agent("first"));
  const stop = new AbortController();
  const names: (string | undefined)[] = [];
  const onPrint = (line: string): void => {
    const [name] = line.split(/ +/);
    names.push(name);
    if (name === "first") void cluster.put(agent("second"));
    if (name === "second" && names.filter((one) => one === name).length === 1)
      void cluster.put({ ...agent("second"), status: { host: "elsewhere", capabilities: 7 } });
    if (/ 7 /.test(line)) stop.abort();
  };
  const environment = { workingDirectory: cluster.folder };
  const outcome = await runUntil({ environment, signal: stop.signal, onPrint }, "get", "agents", "-w");
  expect(outcome).toMatchObject({ code: 0, hints: "" });
  expect(names.slice(0, 2)).toEqual(["NAME", "first"]);
  expect(new Set(names.slice(2))).toEqual(new Set(["second"]));
});

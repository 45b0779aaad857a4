/** `lmos resolve -f` and `lmos analyze -f` over real files: what they print and with which code they exit. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runWith } from "../testing/run-with.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lmos-resolve-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function write(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text);
}

const agent = (name: string, version: string, more = ""): string => `apiVersion: lmos.eclipse/v1
kind: Agent
metadata: { name: ${name} }
spec:
  supportedTenants: [acme]
  supportedChannels: [web]
  providedCapabilities: [{ name: bill, version: ${version}, description: Shows bills${more} }]
`;
const channel = `apiVersion: lmos.eclipse/v1
kind: Channel
metadata: { name: acme-web, labels: { tenant: acme, channel: web } }
spec: { requiredCapabilities: [{ name: bill, version: ^1.0.0 }] }
`;
const grant = (capability: string): string => `apiVersion: lmos.eclipse/v1alpha1
kind: CapabilityGrant
metadata: { name: one }
spec: { providers: [{ namespace: default }], capabilities: ["${capability}"], tenants: [acme] }
`;

it("prints the wires, and exits with 0 where every channel is resolved", async () => {
  await write("agent.yaml", agent("billing", "1.1.0"));
  await write("channel.yml", channel);
  const { code, out } = await runWith({ workingDirectory: folder }, "resolve", "-f", ".");
  expect({ code, out }).toEqual({ code: 0, out: "✓ acme-web\n    bill 1.1.0 → billing" });
});

it("prints cause and remedy, and exits with 1 where a channel would be unresolved", async () => {
  await write("all.yaml", [agent("billing", "2.0.0"), channel].join("---\n"));
  const { code, out } = await runWith({ workingDirectory: folder }, "resolve", "-f", "all.yaml");
  expect(code).toBe(1);
  expect(out).toBe(
    [
      "✗ acme-web would be unresolved",
      "    bill ^1.0.0: billing provides bill 2.0.0, which is not in ^1.0.0",
      "    fix: deploy a version of billing in ^1.0.0, or widen the range so that it takes 2.0.0",
    ].join("\n"),
  );
});

it.each([
  {
    name: "a grant that fits",
    files: [grant("bill")],
    parameters: [],
    code: 0,
    says: "bill 1.0.0 → billing",
  },
  {
    name: "a grant of something else",
    files: [grant("news")],
    parameters: [],
    code: 1,
    says: "is not granted",
  },
  {
    name: "grants that do not count",
    files: [grant("news")],
    parameters: ["--grants", "off"],
    code: 0,
    says: "✓",
  },
  { name: "no grants", files: [], parameters: [], code: 0, says: "✓" },
  {
    name: "grants that are asked for",
    files: [],
    parameters: ["--grants", "enforce"],
    code: 1,
    says: "is not granted",
  },
])("with $name exits with $code", async ({ files, parameters, code, says }) => {
  await write("all.yaml", [agent("billing", "1.0.0"), channel, ...files].join("---\n"));
  const result = await runWith({ workingDirectory: folder }, "resolve", "-f", "all.yaml", ...parameters);
  expect(result.code).toBe(code);
  expect(result.out).toContain(says);
});

it("analyze exits with 0 where there are warnings only, and with 1 where there is an error", async () => {
  await write(
    "all.yaml",
    [agent("billing", "1.0.0"), channel, grant("bill"), agent("other", "9.0.0")].join("---\n"),
  );
  const warned = await runWith({ workingDirectory: folder }, "analyze", "-f", "all.yaml");
  expect(warned).toMatchObject({
    code: 0,
    out: "LMOS205 warning Agent default/other: bill 9.0.0 is far ahead of 1.0.0, the highest of the other agents",
  });
  await write("bad.yaml", agent("bad", "latest"));
  const failed = await runWith({ workingDirectory: folder }, "analyze", "-f", ".", "-o", "json");
  expect(failed.code).toBe(1);
  expect(JSON.parse(failed.out)).toMatchObject([{ code: "LMOS201", severity: "error" }, {}]);
});

describe("files that say nothing that can be resolved", () => {
  const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  const bomb = ["a: &a [x, x]"]
    .concat("bcdefgh".split("").map((one, at) => `${one}: &${one} [${`*${"abcdefg"[at]},`.repeat(9)}]`))
    .join("\n");
  it.each([
    { name: "nothing", text: "", says: "holds no object" },
    { name: "comments alone", text: "# nothing\n---\n---\n", says: "holds no object" },
    {
      name: "other kinds",
      text: "{apiVersion: v1, kind: Pod, metadata: {name: p}}",
      says: "holds no Channel",
    },
    { name: "no YAML", text: "a: b: c", says: "is not YAML" },
    { name: "a member given twice", text: "a: 1\na: 2", says: "is not YAML" },
    { name: "very deep lists", text: deep, says: "bad.yaml" },
    { name: "an alias of nothing", text: "a: *b", says: "bad.yaml can't be read" },
    { name: "aliases that grow without bounds", text: bomb, says: "bad.yaml can't be read" },
    { name: "words", text: "hello", says: "document 1 is not a Kubernetes object" },
    { name: "a list", text: "[1, 2]", says: "document 1 is not a Kubernetes object" },
    { name: "no name", text: "{apiVersion: v1, kind: Pod, metadata: {}}", says: "metadata.name" },
    { name: "too much", text: "#".repeat(3 * 1024 * 1024 + 1), says: "split it" },
    { name: "a version that is a number", text: agent("a", "1.0"), says: "providedCapabilities.0.version" },
    {
      name: "an unknown strategy",
      text: channel.replace("version: ^1.0.0", "version: ^1.0.0, strategy: NEWEST"),
      says: "requiredCapabilities.0.strategy",
    },
    {
      name: "an Agent twice",
      text: [agent("a", "1.0.0"), agent("a", "2.0.0"), channel].join("---\n"),
      says: "agent default/a is given twice",
    },
  ])("$name: one line that names the fault, and exit code 2", async ({ text, says }) => {
    await write("bad.yaml", text);
    const { code, out, hints } = await runWith({ workingDirectory: folder }, "resolve", "-f", "bad.yaml");
    expect({ code, out, lines: hints.split("\n").length }).toEqual({ code: 2, out: "", lines: 1 });
    expect(hints).toContain(says);
  });

  it.each([
    { name: "a path that is not there", path: "nowhere", says: "does not exist" },
    { name: "a folder without any", path: ".", says: "holds no *.yaml file" },
  ])("$name", async ({ path, says }) => {
    const { code, hints } = await runWith({ workingDirectory: folder }, "resolve", "-f", path);
    expect(code).toBe(2);
    expect(hints).toContain(says);
  });
});

it("reads the files of a folder, whatever else is called like one", async () => {
  await mkdir(join(folder, "more.yaml"));
  await write("all.yaml", [agent("billing", "1.0.0"), channel].join("---\n"));
  expect(await runWith({ workingDirectory: folder }, "resolve", "-f", ".")).toMatchObject({ code: 0 });
});

it("leaves alone what other groups call Tenant and Agent", async () => {
  const foreign = [
    "{apiVersion: capsule.clastix.io/v1beta2, kind: Tenant, metadata: {name: acme}, spec: {owners: []}}\n",
    "{apiVersion: example.com/v1, kind: Agent, metadata: {name: billing}, spec: {id: 5}}\n",
  ];
  await write("all.yaml", [agent("billing", "1.0.0"), channel, ...foreign].join("---\n"));
  const { code, out } = await runWith({ workingDirectory: folder }, "resolve", "-f", "all.yaml");
  expect({ code, out }).toEqual({ code: 0, out: "✓ acme-web\n    bill 1.0.0 → billing" });
});

it("says which label a channel lacks", async () => {
  await write("all.yaml", [agent("billing", "1.0.0"), channel.replace("tenant: acme, ", "")].join("---\n"));
  const { code, out } = await runWith({ workingDirectory: folder }, "resolve", "-f", "all.yaml");
  expect(code).toBe(1);
  expect(out.split("\n")).toEqual([
    "✗ acme-web would be unresolved",
    "    it has no label tenant, and belongs to nobody",
    "    fix: kubectl label channel acme-web tenant=…",
  ]);
});

it("says why a channel is refused that requires nothing", async () => {
  const empty = channel.replace(/spec: .*/, "spec: { requiredCapabilities: [] }");
  await write("all.yaml", [empty, grant("bill")].join("---\n"));
  await write(
    "tenant.yaml",
    "{apiVersion: lmos.eclipse/v1alpha1, kind: Tenant, metadata: {name: acme}, spec: {namespaces: [elsewhere]}}",
  );
  const { code, out } = await runWith({ workingDirectory: folder }, "resolve", "-f", ".");
  expect(code).toBe(1);
  expect(out).toContain("the namespace default is not one of the Tenant acme");
});

describe("two Channels of one identity", () => {
  const twin = channel.replace("name: acme-web,", "name: acme-web-2,");

  it("are told apart: one is wired, the other would not be activated", async () => {
    await write("all.yaml", [agent("billing", "1.0.0"), twin, channel].join("---\n"));
    const { code, out, hints } = await runWith({ workingDirectory: folder }, "resolve", "-f", "all.yaml");
    expect(code).toBe(1);
    expect(out.split("\n")).toEqual([
      "✓ acme-web",
      "    bill 1.0.0 → billing",
      "✗ acme-web-2 would not be activated",
      "    acme-web has the same tenant, channel and subset, and only one of them can be activated",
      "    fix: give acme-web-2 another tenant, channel or subset: kubectl label --overwrite channel acme-web-2 subset=…",
    ]);
    expect(hints).toContain("1 of 2 channels a duplicate");
  });

  it("are two where their subsets differ", async () => {
    const canary = twin.replace("channel: web", "channel: web, subset: canary");
    const forCanary = agent("billing-canary", "1.0.0").replace(
      "name: billing-canary",
      "name: billing-canary, labels: { subset: canary }",
    );
    await write("all.yaml", [agent("billing", "1.0.0"), forCanary, channel, canary].join("---\n"));
    expect(await runWith({ workingDirectory: folder }, "resolve", "-f", "all.yaml")).toMatchObject({
      code: 0,
    });
  });

  it("are named unresolved first, where something is not provided", async () => {
    await write("all.yaml", [channel, twin].join("---\n"));
    const { code, hints } = await runWith({ workingDirectory: folder }, "resolve", "-f", "all.yaml");
    expect(code).toBe(1);
    expect(hints).toContain("2 of 2 channels unresolved");
    expect(hints).not.toContain("duplicate");
  });
});

/** `lmos resolve -f` and `lmos analyze -f` over real files: what they print and with which code they exit. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
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

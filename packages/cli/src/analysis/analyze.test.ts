import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Manifest } from "../manifests.ts";
import { worldOfManifests } from "../world.ts";
import { analyze } from "./analyze.ts";
import { type FindingCode, findingCodes } from "./finding.ts";

const stable = "lmos.eclipse/v1";
const alpha = "lmos.eclipse/v1alpha1";

function agent(
  name: string,
  capabilities: readonly string[],
  more: object = {},
  namespace = "default",
): Manifest {
  const providedCapabilities = capabilities.map((text) => {
    const [capability, version] = text.split("@");
    return { name: capability, version, description: "Does it" };
  });
  const spec = { supportedChannels: ["web"], providedCapabilities, ...more };
  return { apiVersion: stable, kind: "Agent", metadata: { name, namespace }, spec };
}

function channel(
  name: string,
  needs: readonly string[],
  labels: object = {},
  namespace = "default",
): Manifest {
  const requiredCapabilities = needs.map((text) => {
    const [capability, version] = text.split("@");
    return { name: capability, version };
  });
  const metadata = {
    name,
    namespace,
    labels: { tenant: "acme", channel: name, subset: "stable", ...labels },
  };
  return { apiVersion: stable, kind: "Channel", metadata, spec: { requiredCapabilities } };
}

const tenant = (name: string, spec: object = {}): Manifest => {
  return {
    apiVersion: alpha,
    kind: "Tenant",
    metadata: { name },
    spec: { namespaces: ["default"], ...spec },
  };
};
const grant = (spec: object = {}): Manifest => {
  const all = { providers: [{ namespace: "default" }], capabilities: ["*"], tenants: ["acme"], ...spec };
  return { apiVersion: alpha, kind: "CapabilityGrant", metadata: { name: "all" }, spec: all };
};

/** Objects that show one finding, for each code. */
const examples: Readonly<
  Record<FindingCode, { objects: readonly Manifest[]; mode?: "audit"; says: RegExp }>
> = {
  LMOS101: { objects: [channel("web", ["bill@^1.0.0"])], says: /^bill: no agent provides bill$/ },
  LMOS102: { objects: [channel("web", [], { tenant: "" })], says: /no label tenant/ },
  LMOS103: {
    objects: [channel("web", []), channel("b", [], { channel: "web" })],
    says: /default\/b has the same/,
  },
  LMOS104: {
    objects: [channel("web", []), channel("web", [], {}, "other")],
    says: /default\/web has the same/,
  },
  LMOS105: { objects: [channel("web", []), tenant("globex"), grant()], says: /^there is no Tenant acme$/ },
  LMOS201: { objects: [agent("a", ["bill@latest"])], says: /has the version "latest"/ },
  LMOS202: { objects: [agent("a", ["bill@1.0.0"], { supportedChannels: [] })], says: /serves no channel/ },
  LMOS203: {
    objects: [agent("a", [], { providedCapabilities: [{ name: "bill", version: "1.0.0" }] })],
    says: /neither description nor examples/,
  },
  LMOS204: { objects: [agent("a", ["bill@1.0.0"])], says: /nobody requires/ },
  LMOS205: {
    objects: [agent("a", ["bill@1.2.0"]), agent("b", ["bill@999.0.0"])],
    says: /^bill 999.0.0 is far ahead of 1.2.0/,
  },
  LMOS206: { objects: [agent("a", ["b\u0456ll@1.0.0"])], says: /b\\u\{456\}ll looks like another name/ },
  LMOS207: {
    objects: [agent("a", ["bill@1.0.0"], { supportedTenants: ["*"] })],
    says: /leave the list empty/,
  },
  LMOS301: {
    objects: [agent("a", ["bill@1.0.0"]), channel("web", ["bill@^1.0.0"])],
    mode: "audit",
    says: /^bill 1.0.0 of a is wired and not granted$/,
  },
  LMOS302: { objects: [agent("a", ["bill@1.0.0"]), grant()], says: /^it claims bill@1.0.0 to every tenant$/ },
  LMOS303: { objects: [tenant("a", { id: "x" }), tenant("b", { id: "x" })], says: /^a has the id x too/ },
  LMOS304: { objects: [grant({ versions: "banana" })], says: /"banana" is not a range/ },
  LMOS305: { objects: [grant({ tenants: [] })], says: /spec.tenants is empty/ },
  LMOS306: { objects: [tenant("acme", { namespaces: ["*"] })], says: /any namespace/ },
};

describe("each code", () => {
  it.each(Object.entries(examples))("%s is found", (code, { objects, mode, says }) => {
    const found = analyze(worldOfManifests(objects, "default", mode)).filter((one) => one.code === code);
    expect(found.map(({ message }) => message)).toEqual([expect.stringMatching(says)]);
  });

  it("stands in docs/findings.md with its severity and meaning", () => {
    const text = readFileSync(new URL("../../../../docs/findings.md", import.meta.url), "utf8");
    const rows = text.split("\n").filter((line) => line.startsWith("| `LMOS"));
    const wanted = Object.entries(findingCodes).map(
      ([code, { severity, meaning }]) => `| \`${code}\` | ${severity} | ${meaning} |`,
    );
    expect(rows.map((row) => row.split("|").slice(0, 4).join("|").concat("|"))).toEqual(wanted);
  });
});

it("finds nothing in what is in order", () => {
  const objects = [
    agent("a", ["bill@1.0.0"], { supportedTenants: ["acme"] }),
    channel("web", ["bill@^1.0.0"]),
    tenant("acme"),
    grant(),
  ];
  expect(analyze(worldOfManifests(objects, "default"))).toEqual([]);
});

it("calls channels that nobody owns no duplicates of each other", () => {
  const objects = [
    channel("a", [], { tenant: "", channel: "" }),
    channel("b", [], { tenant: "", channel: "" }),
  ];
  const codes = analyze(worldOfManifests(objects, "default")).map(({ code }) => code);
  expect(new Set(codes)).toEqual(new Set(["LMOS102"]));
});

describe("channels of one identity", () => {
  const at = (name: string, creationTimestamp: string, namespace = "default"): Manifest => {
    const made = channel(name, [], { channel: "web" }, namespace);
    return { ...made, metadata: { ...made.metadata, creationTimestamp } };
  };
  const found = (objects: readonly Manifest[]): readonly string[] =>
    analyze(worldOfManifests(objects, "default")).map(({ code, object, message }) =>
      [code, object, message.split(" ")[0]].join(" "),
    );

  it("are found on the younger one, in whatever order they come", () => {
    const objects = [at("a", "2026-02-01T00:00:00Z"), at("b", "2026-01-01T00:00:00Z")];
    const expected = ["LMOS103 Channel default/a default/b"];
    expect(found(objects)).toEqual(expected);
    expect(found(objects.toReversed())).toEqual(expected);
  });

  it("are an error within a namespace also where the eldest lies in another one", () => {
    const objects = [
      at("first", "2026-01-01T00:00:00Z", "shop"),
      at("second", "2026-01-02T00:00:00Z"),
      at("third", "2026-01-03T00:00:00Z"),
    ];
    expect(found(objects)).toEqual([
      "LMOS103 Channel default/third default/second",
      "LMOS104 Channel default/second shop/first",
    ]);
  });
});

it("names errors first", () => {
  const objects = [agent("a", ["news@1.0.0"]), channel("web", ["bill@^1.0.0"])];
  expect(analyze(worldOfManifests(objects, "default")).map(({ code }) => code)).toEqual([
    "LMOS101",
    "LMOS204",
  ]);
});

it("says nothing of grants where they do not count", () => {
  const objects = [
    agent("a", ["bill@1.0.0"]),
    channel("web", ["bill@^1.0.0"]),
    tenant("globex"),
    grant({ capabilities: ["news"] }),
  ];
  expect(analyze(worldOfManifests(objects, "default", "off"))).toEqual([]);
});

/** `lmos why`, `rollback`, `plan` and `analyze` against an API server. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { channelKind, channelRoutingKind } from "@lmos/resources";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestCluster, type TestCluster } from "../testing/test-cluster.ts";

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster();
});
afterEach(() => cluster.clear());
afterAll(() => cluster[Symbol.asyncDispose]());

const apiVersion = "lmos.eclipse/v1";
const { signal } = new AbortController();
const agent = (name: string, version: string, ready: "True" | "False" = "True") => ({
  apiVersion,
  kind: "Agent",
  metadata: { name, namespace: "default" },
  spec: { supportedChannels: ["web"], providedCapabilities: [{ name: "bill", version, description: "x" }] },
  status: {
    host: `${name}.default.svc.cluster.local`,
    conditions: [
      {
        type: "Ready",
        status: ready,
        reason: "Any",
        message: "",
        lastTransitionTime: "2025-12-01T00:00:00Z",
      },
    ],
  },
});
const wire = (agentName: string, providedVersion: string) => {
  const host = `${agentName}.default.svc.cluster.local`;
  return { id: "", name: "bill", requiredVersion: "^1.0.0", providedVersion, host };
};
const channel = (spec: object = {}) => ({
  apiVersion,
  kind: "Channel",
  metadata: { name: "acme-web", namespace: "default", labels: { tenant: "acme", channel: "web" } },
  spec: { requiredCapabilities: [{ name: "bill", version: "^1.0.0" }], ...spec },
  status: {
    resolveStatus: "RESOLVED",
    resolved: "1/1",
    activeRevision: 2,
    revisions: [
      { revision: 2, activatedAt: "2026-01-02T00:00:00Z", wires: [{ agent: "a", ...wire("a", "1.1.0") }] },
      { revision: 1, activatedAt: "2026-01-01T00:00:00Z", wires: [{ agent: "a", ...wire("a", "1.0.0") }] },
    ],
  },
});
const routing = {
  apiVersion,
  kind: "ChannelRouting",
  metadata: { name: "acme-web", namespace: "default", labels: { tenant: "acme", channel: "web" } },
  spec: { capabilityGroups: [{ name: "a", capabilities: [wire("a", "1.1.0")] }], revision: 2 },
};
const absent = [
  {
    name: "a channel that is not there",
    parameters: ["nobody"],
    says: "channel nobody not found in default",
  },
  {
    name: "a namespace without it",
    parameters: ["acme-web", "-n", "shop"],
    says: "channel acme-web not found in shop: see `lmos get channels -A`",
  },
];

beforeEach(async () => {
  await cluster.put(agent("a", "1.1.0"));
  await cluster.put(channel());
  await cluster.put(routing);
});

describe("lmos why", () => {
  it("says what is wired, and exits with 0", async () => {
    const { code, out } = await cluster.run("why", "acme-web");
    expect(out.split("\n")).toEqual([
      "acme-web: RESOLVED 1/1 (tenant acme, channel web, subset stable)",
      "✓ bill ^1.0.0 → a 1.1.0",
    ]);
    expect(code).toBe(0);
  });

  it("shows every candidate of a capability, the wired one first", async () => {
    await cluster.put(agent("b", "1.0.0"));
    await cluster.put(agent("c", "2.0.0"));
    await cluster.put(agent("d", "1.2.0", "False"));
    const { out } = await cluster.run("why", "acme-web/bill");
    expect(out.split("\n").slice(1)).toEqual([
      "✓ bill ^1.0.0 → a 1.1.0",
      "    a 1.1.0: wired",
      "    b 1.0.0: fits, but another was preferred",
      "    c 2.0.0: c provides bill 2.0.0, which is not in ^1.0.0",
      "    d 1.2.0: d provides bill but is not ready",
    ]);
  });

  it("names cause, remedy and command where nothing is wired, and exits with 1", async () => {
    await cluster.put({ ...channel({ requiredCapabilities: [{ name: "news", version: "*" }] }) });
    const { code, out, hints } = await cluster.run("why", "acme-web");
    expect(out.split("\n").slice(1)).toEqual([
      "✗ news * is not provided",
      "    no agent provides news",
      "    fix: deploy an agent that provides news, or take it out of the channel's requiredCapabilities",
      "    run: kubectl -n default edit channel acme-web",
    ]);
    expect({ code, hints }).toEqual({ code: 1, hints: "error: 1 of 1 required capabilities not provided" });
  });

  it.each(["json", "yaml"])("has the same exit code with -o %s", async (format) => {
    await cluster.put(agent("a", "9.0.0"));
    const { code, out } = await cluster.run("why", "acme-web", "-o", format);
    expect(code).toBe(1);
    expect(out).toContain("VersionMismatch");
  });

  it.each([
    ...absent,
    {
      name: "a capability that is not required",
      parameters: ["acme-web/news"],
      says: 'channel acme-web does not require "news": it requires bill',
    },
  ])("exits with 1 for $name", async ({ parameters, says }) => {
    const { code, out, hints } = await cluster.run("why", ...parameters);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(hints).toBe(`error: ${says}`.replace("in default", "in default: see `lmos get channels -A`"));
  });
});

describe("lmos rollback", () => {
  const pinned = async (): Promise<number | undefined> =>
    (await cluster.client.get(channelKind, { namespace: "default", name: "acme-web" }, { signal }))?.spec
      .pinnedRevision;

  it.each([
    { name: "the revision before the active one", parameters: [], revision: 1 },
    { name: "the one that is named", parameters: ["2"], revision: 2 },
  ])("holds the channel at $name", async ({ parameters, revision }) => {
    const { code, out } = await cluster.run("rollback", "acme-web", ...parameters);
    expect(code).toBe(0);
    expect(out).toBe(
      `acme-web is held at revision ${revision}; let it go with \`lmos rollback acme-web --release\``,
    );
    expect(await pinned()).toBe(revision);
  });

  it("lets it go again, and once more", async () => {
    await cluster.run("rollback", "acme-web");
    for (const _ of [1, 2]) {
      const { code, out } = await cluster.run("rollback", "acme-web", "--release");
      expect({ code, out }).toEqual({ code: 0, out: "acme-web follows its agents again" });
      expect(await pinned()).toBeUndefined();
    }
  });

  it.each([
    ...absent.map((row) => ({ ...row, says: row.says.replace("in default", "in default: see") })),
    {
      name: "a revision that is not there",
      parameters: ["acme-web", "7"],
      says: "no revision 7; it has 2, 1",
    },
    { name: "a revision in words", parameters: ["acme-web", "last"], says: "no revision last; it has 2, 1" },
  ])("changes nothing for $name", async ({ parameters, says }) => {
    const { code, hints } = await cluster.run("rollback", ...parameters);
    expect(code).toBe(1);
    expect(hints).toContain(says.split(": see")[0]);
    expect(await pinned()).toBeUndefined();
  });

  it("has nowhere to go for a channel without a history", async () => {
    await cluster.put({ ...channel(), metadata: { ...channel().metadata, name: "new" }, status: {} });
    const { code, hints } = await cluster.run("rollback", "new");
    expect({ code, hints }).toEqual({
      code: 1,
      hints: "error: new has no revision before the active one; it has none",
    });
  });
});

describe("lmos plan", () => {
  const plan = async (...objects: readonly object[]) => {
    await writeFile(
      join(cluster.folder, "plan.yaml"),
      objects.map((one) => JSON.stringify(one)).join("\n---\n"),
    );
    return cluster.run("plan", "-f", "plan.yaml");
  };
  const file = (name: string, version: string) => {
    const { status: _status, ...rest } = agent(name, version);
    return rest;
  };

  it.each([
    {
      name: "what changes nothing",
      files: [file("a", "1.1.0")],
      code: 0,
      says: "no channel's wiring changes",
    },
    {
      name: "a better agent",
      files: [file("b", "1.2.0")],
      code: 0,
      says: "~ acme-web\n    - bill 1.1.0 → a\n    + bill 1.2.0 → b",
    },
    {
      name: "an agent that goes too far",
      files: [file("a", "2.0.0")],
      code: 1,
      says: "✗ acme-web keeps its routing, as something is not provided",
    },
    {
      name: "a channel that is to be held",
      files: [channel({ pinnedRevision: 2 }), file("b", "1.2.0")],
      code: 0,
      says: "no channel's wiring changes",
    },
    {
      name: "a channel that goes back",
      files: [channel({ pinnedRevision: 1 })],
      code: 0,
      says: "~ acme-web\n    - bill 1.1.0 → a\n    + bill 1.0.0 → a",
    },
  ])("tells of $name, and writes nothing", async ({ files, code, says }) => {
    const before = await cluster.client.list(channelKind, { signal });
    const result = await plan(...files);
    expect(result.out).toContain(says);
    expect(result.code).toBe(code);
    expect(await cluster.client.list(channelKind, { signal })).toEqual(before);
    expect((await cluster.client.list(channelRoutingKind, { signal })).items).toHaveLength(1);
  });

  it("moves nothing to an agent that is not ready", async () => {
    await cluster.put(agent("b", "1.2.0", "False"));
    expect(await plan(file("b", "1.3.0"))).toMatchObject({ code: 0, out: "no channel's wiring changes" });
  });
});

describe("lmos analyze", () => {
  it("finds nothing in what is in order", async () => {
    expect(await cluster.run("analyze")).toEqual({ code: 0, out: "nothing found", hints: "" });
  });

  it.each(["text", "json", "yaml"])("finds the same with -o %s, and exits with 1", async (format) => {
    await cluster.put(agent("bad", "latest"));
    const { code, out, hints } = await cluster.run("analyze", "-o", format);
    expect(code).toBe(1);
    expect(out).toContain("LMOS201");
    expect(hints).toBe("error: 1 error, 0 warnings");
  });

  it("looks into one namespace where it is told to", async () => {
    await cluster.put(agent("bad", "latest"));
    expect(await cluster.run("analyze", "-n", "shop")).toMatchObject({ code: 0, out: "nothing found" });
  });
});

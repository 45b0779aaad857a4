import { type Channel, channelKind } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { channelHeadline, requirementLines, type Showing } from "./why-text.ts";

const channel = (labels: Record<string, string>, status?: Channel["status"]): Channel =>
  channelKind.parse({
    apiVersion: "lmos.eclipse/v1",
    kind: "Channel",
    metadata: { name: "acme-web", labels },
    status,
  });

describe("the headline of a channel", () => {
  it.each([
    {
      name: "one that is resolved",
      given: channel({ tenant: "acme", channel: "web" }, { resolveStatus: "RESOLVED", resolved: "2/2" }),
      line: "acme-web: RESOLVED 2/2 (tenant acme, channel web, subset stable)",
    },
    {
      name: "one that nobody has looked at",
      given: channel({ tenant: "acme", channel: "web", subset: "canary" }),
      line: "acme-web: not resolved yet (tenant acme, channel web, subset canary)",
    },
    {
      name: "one that lacks its labels",
      given: channel({}, { resolveStatus: "UNRESOLVED" }),
      line: "acme-web: UNRESOLVED (tenant ?, channel ?, subset stable)",
    },
  ])("of $name", ({ given, line }) => {
    expect(channelHeadline(given)).toBe(line);
  });
});

describe("a requirement", () => {
  const showing: Showing = {
    detailed: false,
    terminal: { paint: (color, text) => `<${color}>${text}` },
    channel: { namespace: "shop", name: "acme-web", workloads: new Map(), tenants: new Map() },
  };
  const requirement = { id: "", name: "bill", range: "^1.0.0", strategy: "HIGHEST" } as const;
  const other = { agent: "b", version: "1.0.0", fate: { kind: "outranked" } } as const;

  it("that is wired is one line, and with all its candidates where that is asked for", () => {
    const wired = { agent: "a", version: "1.1.0", fate: { kind: "wired" } } as const;
    const candidates = [wired, other];
    const examined = { requirement, wired, cause: undefined, candidates };
    expect(requirementLines(examined, showing)).toEqual(["<green>✓ bill ^1.0.0 → a 1.1.0"]);
    expect(requirementLines(examined, { ...showing, detailed: true })).toEqual([
      "<green>✓ bill ^1.0.0 → a 1.1.0",
      "    a 1.1.0: wired",
      "    b 1.0.0: fits, but another was preferred",
    ]);
  });

  it("that is not wired has its cause, what would mend it, and the command for that", () => {
    const cause = { kind: "NoProvider", capability: "bill" } as const;
    const examined = { requirement, wired: undefined, cause, candidates: [] };
    expect(requirementLines(examined, showing)).toEqual([
      "<red>✗ bill ^1.0.0 is not provided",
      "    no agent provides bill",
      "    fix: deploy an agent that provides bill, or take it out of the channel's requiredCapabilities",
      "    run: kubectl -n shop edit channel acme-web",
    ]);
  });

  it("that is not wired although something fits, has that alone", () => {
    const examined = { requirement, wired: undefined, cause: undefined, candidates: [other] };
    expect(requirementLines(examined, showing)).toEqual([
      "<red>✗ bill ^1.0.0 is not provided",
      "    b 1.0.0: fits, but another was preferred",
    ]);
  });
});

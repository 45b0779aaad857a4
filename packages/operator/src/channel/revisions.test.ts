import { type ChannelRouting, channelRoutingKind } from "@lmos/resources";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RevisionWire, routedWires } from "../routing/wires.ts";
import { channelOf } from "../testing/objects.ts";
import { differsFrom, keepRevisions, revisionNumber } from "./revisions.ts";

const now = "2026-01-02T00:00:00Z";

function wire(agent: string, more: Partial<RevisionWire> = {}): RevisionWire {
  const versions = { requiredVersion: "*", providedVersion: "1.0.0" };
  return { agent, id: "bill", name: "bill", ...versions, host: agent, ...more };
}

function channelWith(
  revisions: readonly { readonly revision: number; readonly wires: readonly RevisionWire[] }[],
) {
  const stored = revisions.map(({ revision, wires }) => {
    return { revision, activatedAt: "2026-01-01T00:00:00Z", wires: [...wires] };
  });
  const status = {
    resolveStatus: "RESOLVED" as const,
    unresolvedRequiredCapabilities: [],
    revisions: stored,
  };
  return channelOf("acme", [], { status });
}

function routingOf(revision: number, wires: readonly RevisionWire[]): ChannelRouting {
  const capabilityGroups = wires.map(({ agent, ...capability }) => {
    return { id: agent, name: agent, description: "", capabilities: [{ ...capability, description: "" }] };
  });
  const head = { apiVersion: "lmos.eclipse/v1", kind: "ChannelRouting", metadata: { name: "acme" } };
  return channelRoutingKind.parse({ ...head, spec: { capabilityGroups, revision } });
}

describe("the number of a wiring", () => {
  const [a, b] = [wire("a"), wire("b")];

  it.each([
    { name: "1 for the first", stored: [], live: undefined, wires: [a], expected: 1 },
    {
      name: "that of an equal one in the status",
      stored: [
        { revision: 3, wires: [a] },
        { revision: 4, wires: [b] },
      ],
      live: undefined,
      wires: [a],
      expected: 3,
    },
    {
      name: "the next after all in the status",
      stored: [{ revision: 3, wires: [a] }],
      live: undefined,
      wires: [b],
      expected: 4,
    },
    {
      name: "that of the routing, where the status does not know of it yet",
      stored: [{ revision: 3, wires: [a] }],
      live: routingOf(4, [b]),
      wires: [b],
      expected: 4,
    },
    {
      name: "the next after the routing's, which the status does not know of yet",
      stored: [{ revision: 3, wires: [a] }],
      live: routingOf(4, [b]),
      wires: [a, b],
      expected: 5,
    },
    {
      name: "the same in another order",
      stored: [{ revision: 7, wires: [b, a] }],
      live: undefined,
      wires: [a, b],
      expected: 7,
    },
    {
      name: "the same where only a host has moved",
      stored: [{ revision: 7, wires: [wire("a", { host: "elsewhere" })] }],
      live: undefined,
      wires: [a],
      expected: 7,
    },
    {
      name: "another for another version",
      stored: [{ revision: 7, wires: [wire("a", { providedVersion: "1.0.1" })] }],
      live: undefined,
      wires: [a],
      expected: 8,
    },
  ])("is $name", ({ stored, live, wires, expected }) => {
    expect(revisionNumber(wires, channelWith(stored), live)).toBe(expected);
  });
});

describe("the revisions that are kept", () => {
  it("are the active one and the four newest others, the newest first", () => {
    const stored = [1, 2, 3, 4, 5, 6].map((revision) => ({ revision, wires: [wire(`a${revision}`)] }));
    const kept = keepRevisions(channelWith(stored), { revision: 7, wires: [wire("a7")] }, now);
    expect(kept.map(({ revision }) => revision)).toEqual([7, 6, 5, 4, 3]);
    expect(kept[0]?.activatedAt).toBe(now);
  });

  it("keep the active one however old it is, and the time of its first activation", () => {
    const stored = [1, 2, 3, 4, 5, 6].map((revision) => ({ revision, wires: [wire(`a${revision}`)] }));
    const kept = keepRevisions(channelWith(stored), { revision: 1, wires: [wire("a1")] }, now);
    expect(kept.map(({ revision }) => revision)).toEqual([6, 5, 4, 3, 1]);
    expect(kept.at(-1)?.activatedAt).toBe("2026-01-01T00:00:00Z");
  });

  it("are fewer where they are large, but never without the active one", () => {
    const large = (revision: number) => {
      const wires = Array.from({ length: 300 }, (_, at) => wire(`agent-${at}`, { id: "x".repeat(200) }));
      return { revision, wires };
    };
    const kept = keepRevisions(channelWith([large(1), large(2)]), large(3), now);
    expect(kept.map(({ revision }) => revision)).toEqual([3, 2].slice(0, kept.length));
    expect(kept.length).toBeLessThan(3);
  });

  it("hold no revision twice and at most five, whatever was there", () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 9 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 20 }), (before, revision) => {
        const stored = before.map((one) => ({ revision: one, wires: [wire(`a${one}`)] }));
        const kept = keepRevisions(channelWith(stored), { revision, wires: [wire("x")] }, now);
        const seen = kept.map((one) => one.revision);
        expect(seen).toContain(revision);
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.length).toBeLessThanOrEqual(5);
        expect(seen).toEqual(seen.toSorted((left, right) => right - left));
      }),
    );
  });
});

describe("a routing", () => {
  const revision = { revision: 1, activatedAt: now, wires: [wire("a"), wire("b", { name: "view" })] };

  it("holds what its revision says, in whichever order", () => {
    expect(differsFrom(routingOf(1, revision.wires.toReversed()), revision)).toBe(false);
  });

  it.each([
    { name: "is gone", routing: undefined },
    { name: "lost a wire", routing: routingOf(1, [wire("a")]) },
    { name: "has one more", routing: routingOf(1, [...revision.wires, wire("c")]) },
    {
      name: "leads to another host",
      routing: routingOf(1, [wire("a", { host: "z" }), wire("b", { name: "view" })]),
    },
    {
      name: "names another capability",
      routing: routingOf(1, [wire("a", { id: "z" }), wire("b", { name: "view" })]),
    },
  ])("differs where it $name", ({ routing }) => {
    expect(differsFrom(routing, revision)).toBe(true);
  });

  it("has no wires where there is none", () => {
    expect(routedWires(undefined)).toEqual([]);
  });
});

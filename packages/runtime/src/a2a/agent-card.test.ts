import { describe, expect, test } from "vitest";
import type { RoutedAgent } from "../routing/snapshot.ts";
import { snapshotOf } from "../testing/snapshots.ts";
import { agentCardOf } from "./agent-card.ts";

const url = "http://localhost/a2a/acme/web";

function agentOf(parts: Partial<RoutedAgent>): RoutedAgent {
  return {
    ...{ id: "1", name: "billing", version: "1.0.0", description: "Explains invoices", host: "billing" },
    capabilities: [],
    ...parts,
  };
}

const cardOf = (...agents: readonly RoutedAgent[]) =>
  agentCardOf(snapshotOf({ agents, classifier: undefined }), url);

describe("a channel's card describes its agents, a sentence each", () => {
  test.each([
    {
      name: "where their authors write no full stop",
      descriptions: ["Explains invoices", "Tracks orders"],
      is: "Channel web of acme: Explains invoices. Tracks orders.",
    },
    {
      name: "where they write one, or another end",
      descriptions: ["Explains invoices.", "Lost? Ask here!"],
      is: "Channel web of acme: Explains invoices. Lost? Ask here!",
    },
    { name: "where one says nothing", descriptions: [" "], is: "Channel web of acme:" },
  ])("$name", ({ descriptions, is }) => {
    const card = cardOf(...descriptions.map((description) => agentOf({ description })));
    expect(card).toMatchObject({ description: is });
  });
});

test("has a skill for each capability, with its agent as a tag and five examples at most", () => {
  const examples = ["a", "b", "c", "d", "e", "f"];
  const common = { version: "1.0.0", description: "Does it", examples };
  const capabilities = [
    { ...common, id: "x1", name: "explain-invoice" },
    { ...common, id: "", name: "send-copy" },
  ];
  const skill = { description: "Does it", tags: ["billing"], examples: examples.slice(0, 5) };
  expect(cardOf(agentOf({ capabilities }))).toMatchObject({
    skills: [
      { ...skill, id: "billing.x1", name: "explain-invoice" },
      { ...skill, id: "billing.send-copy", name: "send-copy" },
    ],
  });
});

test("is readable for clients of both versions of the protocol", () => {
  expect(cardOf(agentOf({}))).toMatchObject({
    ...{ name: "acme/web", url, protocolVersion: "0.3.0", preferredTransport: "JSONRPC" },
    supportedInterfaces: [
      { url, protocolBinding: "JSONRPC", protocolVersion: "1.0" },
      { url, protocolBinding: "JSONRPC", protocolVersion: "0.3" },
    ],
  });
});

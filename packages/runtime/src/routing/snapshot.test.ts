import { expect, test } from "vitest";
import { routingOf } from "../testing/routings.ts";
import { identityText, routedAgentsOf, snapshotHash } from "./snapshot.ts";

const routing = routingOf([
  { name: "a", host: "a.default.svc.cluster.local", capability: "x", examples: ["hi"] },
]);

test("reads agents with their capabilities, examples and address", () => {
  expect(routedAgentsOf(routing)).toEqual([
    {
      id: "a",
      name: "a",
      version: "1.0.0",
      description: "The agent a",
      host: "a.default.svc.cluster.local",
      capabilities: [{ id: "x-id", name: "x", version: "1.1.0", description: "x", examples: ["hi"] }],
    },
  ]);
});

test("leaves an agent without an address out: nobody could call it", () => {
  expect(routedAgentsOf(routingOf([{ name: "a", host: "" }]))).toEqual([]);
});

test("hashes what a turn depends on, and nothing else", () => {
  const touched = {
    ...routing,
    metadata: { ...routing.metadata, resourceVersion: "9", annotations: { touched: "yes" } },
  };
  expect(snapshotHash(touched)).toBe(snapshotHash(routing));
  expect(snapshotHash(routing)).toMatch(/^[0-9a-f]{12}$/);
  expect(snapshotHash(routingOf([{ name: "a", host: "b", capability: "x", examples: ["hi"] }]))).not.toBe(
    snapshotHash(routing),
  );
});

test("tells identities apart whose parts run together", () => {
  const one = identityText({ tenant: "a", channel: "b/c", subset: "d" });
  expect(one).not.toBe(identityText({ tenant: "a/b", channel: "c", subset: "d" }));
});

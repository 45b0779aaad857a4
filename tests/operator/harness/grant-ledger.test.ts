import { expect, it } from "vitest";
import { GrantLedger, type LedgerGrant } from "./grant-ledger.ts";

const grant: LedgerGrant = { agents: ["a"], capabilities: ["bill"], major: 1, channels: ["web"] };
const wire = { channel: "web", agent: "a", capability: "bill", version: "1.2.0" };
const done = async (): Promise<void> => undefined;

it.each([
  { name: "what the grant names", changed: {}, expected: true },
  { name: "another agent", changed: { agent: "b" }, expected: false },
  { name: "another capability", changed: { capability: "news" }, expected: false },
  { name: "another channel", changed: { channel: "ivr" }, expected: false },
  { name: "another major version", changed: { version: "2.0.0" }, expected: false },
])("$name: $expected", async ({ changed, expected }) => {
  const ledger = new GrantLedger();
  await ledger.record({ kind: "grant", name: "g", grant }, done);
  expect(ledger.isGranted({ ...wire, ...changed })).toBe(expected);
});

it("takes every version where the grant names none", async () => {
  const ledger = new GrantLedger();
  await ledger.record({ kind: "grant", name: "g", grant: { ...grant, major: undefined } }, done);
  expect(ledger.isGranted({ ...wire, version: "7.0.0" })).toBe(true);
});

it("forgets what is revoked, and a channel that is not trusted", async () => {
  const ledger = new GrantLedger();
  await ledger.record({ kind: "grant", name: "g", grant }, done);
  await ledger.record({ kind: "distrust", channel: "web" }, done);
  expect(ledger.isGranted(wire)).toBe(false);
  await ledger.record({ kind: "trust", channel: "web" }, done);
  expect(ledger.isGranted(wire)).toBe(true);
  await ledger.record({ kind: "revoke", name: "g" }, done);
  expect(ledger.isGranted(wire)).toBe(false);
});

it("lets a wire that was seen just after its grant went be late, but not later", async () => {
  const ledger = new GrantLedger();
  await ledger.record({ kind: "grant", name: "g", grant }, done);
  await ledger.record({ kind: "revoke", name: "g" }, done);
  const atMs = performance.now();
  expect(ledger.wasGranted({ ...wire, atMs }, 1_000)).toBe(true);
  expect(ledger.wasGranted({ ...wire, atMs: atMs + 5_000 }, 1_000)).toBe(false);
});

it("knows nothing of a wire that was seen before its grant", async () => {
  const ledger = new GrantLedger();
  const atMs = performance.now() - 1;
  await ledger.record({ kind: "grant", name: "g", grant }, done);
  expect(ledger.wasGranted({ ...wire, atMs }, 1_000)).toBe(false);
});

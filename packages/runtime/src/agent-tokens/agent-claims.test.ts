import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AgentGrant, claimsOf } from "./agent-claims.ts";

const now = 1_800_000_000_400;
const grant: AgentGrant = {
  ...{ tenant: "acme", channel: "web", agent: "billing-agent", owner: undefined },
  scopes: ["ask", "memory"],
  ttlMs: 60_000,
};
const facts = { issuer: "https://runtime.example", subject: "p1", now, id: "id-1" };

test("the claims are those of the grant, and no others", () => {
  expect(claimsOf(grant, facts)).toEqual({
    ...{
      iss: "https://runtime.example",
      aud: "acme/billing-agent",
      sub: "p1",
      tenant: "acme",
      channel: "web",
    },
    ...{ scope: "ask memory", iat: 1_800_000_000, nbf: 1_800_000_000, exp: 1_800_000_061, jti: "id-1" },
  });
});

describe("left out", () => {
  test("is the subject where nobody has proved to be one", () => {
    expect(claimsOf(grant, { ...facts, subject: undefined })).not.toHaveProperty("sub");
  });

  test("is the scope where an agent may do nothing", () => {
    expect(claimsOf({ ...grant, scopes: [] }, facts)).not.toHaveProperty("scope");
  });
});

test("a token holds as long as the operation may take, and less than two seconds more", () => {
  const times = fc.tuple(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 3_600_000 }));
  fc.assert(
    fc.property(times, ([at, ttlMs]) => {
      const { iat, nbf, exp } = claimsOf({ ...grant, ttlMs }, { ...facts, now: at });
      expect([nbf, iat * 1000 <= at]).toEqual([iat, true]);
      expect(exp * 1000).toBeGreaterThanOrEqual(at + ttlMs);
      expect(exp * 1000).toBeLessThan(at + ttlMs + 1000);
    }),
  );
});

test("no two agents have one audience", () => {
  const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
  const agent = fc.record({ tenant: name, agent: name });
  fc.assert(
    fc.property(agent, agent, (one, other) => {
      const audiences = [one, other].map((each) => claimsOf({ ...grant, ...each }, facts).aud);
      const same = one.tenant === other.tenant && one.agent === other.agent;
      expect(audiences[0] === audiences[1]).toBe(same);
    }),
  );
});

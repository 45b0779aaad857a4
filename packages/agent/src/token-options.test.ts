import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { silentLogger } from "@lmos/primitives";
import { agentRequestSchema } from "@lmos/protocol";
import { FakeClock } from "@lmos/testing";
import { createTestIssuer } from "@lmos/testing/test-issuer";
import { describe, expect, it, onTestFinished } from "vitest";
import { createTokenGuard } from "./token-guard.ts";
import { type TokenOptions, tokenRulesOf } from "./token-options.ts";

const issuer = "lmos-runtime";
const keys = "https://runtime.example/.well-known/jwks.json";
const options: TokenOptions = { issuer, audience: "acme/billing-agent", keys };
const services = { clock: new FakeClock(), logger: silentLogger };

describe("tokenRulesOf", () => {
  it.each([
    { name: "one audience", audience: "acme/a", tenant: "acme", expected: ["acme/a"] },
    { name: "several", audience: ["acme/a", "globex/a"], tenant: "acme", expected: ["acme/a", "globex/a"] },
    { name: "every tenant's", audience: "*/a", tenant: "globex", expected: ["globex/a"] },
    { name: "a tenant with signs of replacements", audience: "*/a", tenant: "$&", expected: ["$&/a"] },
    { name: "a tenant that plays with the border", audience: "*/a", tenant: "b/", expected: ["b//a"] },
  ])("reads $name", ({ audience, tenant, expected }) => {
    expect(tokenRulesOf({ ...options, audience }).audiencesFor(tenant)).toEqual(expected);
  });

  it("lets clocks differ by 5 s, or as told", () => {
    expect(tokenRulesOf(options).clockTolerance).toBe(5);
    expect(tokenRulesOf({ ...options, clockTolerance: 0 }).clockTolerance).toBe(0);
  });

  it.each([
    { name: "an empty issuer", wrong: { issuer: "" }, says: /name who makes the tokens\s+→ at issuer/ },
    { name: "no audience", wrong: { audience: [] }, says: /name at least one/ },
    {
      name: "an audience without a tenant",
      wrong: { audience: "billing-agent" },
      says: /write tenant\/agent, or \*\/agent/,
    },
    { name: "an audience of every agent", wrong: { audience: "acme/*" }, says: /write tenant\/agent/ },
    {
      name: "an audience with blanks",
      wrong: { audience: "acme/billing agent" },
      says: /write tenant\/agent/,
    },
    { name: "a second one that is none", wrong: { audience: ["acme/a", "a/b/c"] }, says: /audience\[1\]/ },
    { name: "clocks that run backwards", wrong: { clockTolerance: -1 }, says: /clockTolerance/ },
    {
      name: "clocks that differ by more than a minute",
      wrong: { clockTolerance: 61 },
      says: /clockTolerance/,
    },
  ])("refuses $name", ({ wrong, says }) => {
    expect(() => tokenRulesOf({ ...options, ...wrong })).toThrow(
      expect.objectContaining({ code: "InvalidDefinition", message: expect.stringMatching(says) }),
    );
  });
});

describe("keys", () => {
  it.each([
    {
      name: "plain http",
      wrong: { keys: "http://runtime.lmos-system:8081/.well-known/jwks.json" },
      says: /give an https address/,
    },
    { name: "no address", wrong: { keys: "keys.json" }, says: /keys "keys.json" can't be read safely/ },
    {
      name: "a file",
      wrong: { keys: "file:///etc/keys.json", keysOverHttp: true },
      says: /can't be read safely/,
    },
    { name: "none", wrong: { keys: { keys: [] } }, says: /keys/ },
    { name: "one of no kind", wrong: { keys: { keys: [{ kid: "k1" }] } }, says: /kty/ },
    {
      name: "private ones",
      wrong: { keys: { keys: [{ kty: "OKP", d: "x" }] } },
      says: /give the public halves alone/,
    },
  ])("are refused from $name", async ({ wrong, says }) => {
    await expect(createTokenGuard({ ...options, ...wrong }, services)).rejects.toMatchObject({
      code: "InvalidDefinition",
      message: expect.stringMatching(says),
    });
  });

  it.each([
    { name: "https", right: {} },
    { name: "http on this machine", right: { keys: "http://127.0.0.1:8081/keys" } },
    {
      name: "http where a mesh protects it",
      right: { keys: "http://runtime:8081/keys", keysOverHttp: true },
    },
  ])("may be read over $name", async ({ right }) => {
    await expect(createTokenGuard({ ...options, ...right }, services)).resolves.toBeDefined();
  });
});

/** A runtime that publishes keys, and can be made to fail. */
async function startKeys(initial: object) {
  const state = { body: JSON.stringify(initial), status: 200, reads: 0 };
  const server = createServer((_request, response) => {
    state.reads += 1;
    response.writeHead(state.status, { "content-type": "application/jwk-set+json" }).end(state.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/jwks.json` };
}

describe("keys at an address", () => {
  async function setUp() {
    const [first, second] = await Promise.all(["k1", "k2"].map((kid) => createTestIssuer(kid, "EdDSA")));
    if (first === undefined || second === undefined) throw new TypeError("no issuers");
    const clock = new FakeClock();
    const { state, url } = await startKeys(first.keys);
    const guard = await createTokenGuard({ ...options, keys: url }, { clock, logger: silentLogger });
    const admit = async (by = first) => {
      const claims = { iss: issuer, aud: "acme/billing-agent", channel: "web", jti: "j1" };
      const value = await by.token({ now: clock.now(), claims, header: { typ: "lmos-agent+jwt" } });
      const entries = { tenantId: "acme", channelId: "web", "lmos.token": value };
      const systemContext = Object.entries(entries).map(([key, each]) => ({ key, value: each }));
      const request = { messages: [], conversationContext: { conversationId: "c1" }, systemContext };
      return (await guard.admit(agentRequestSchema.parse(request))).id;
    };
    const publish = (...sets: readonly (typeof first)[]) => {
      state.body = JSON.stringify({ keys: sets.flatMap((each) => each.keys.keys) });
    };
    return { first, second, clock, state, admit, publish };
  }

  it("are read once for many operations", async () => {
    const { state, admit } = await setUp();
    expect(state.reads).toBe(0);
    expect(await Promise.all([admit(), admit(), admit()])).toEqual(["j1", "j1", "j1"]);
    await admit();
    expect(state.reads).toBe(1);
  });

  it("are followed as they change", async () => {
    const { first, second, clock, admit, publish } = await setUp();
    await admit();
    publish(second, first);
    await clock.advance(30_000);
    expect(await admit(second)).toBe("j1");
    expect(await admit(first)).toBe("j1");
    publish(second);
    await clock.advance(10 * 60_000 + 1);
    await admit(second);
    await expect(admit(first)).rejects.toMatchObject({ extensions: { code: "UNAUTHENTICATED" } });
  });

  it("count on for a while when they cannot be read again", async () => {
    const { clock, state, admit } = await setUp();
    await admit();
    state.status = 500;
    await clock.advance(30 * 60_000);
    expect(await admit()).toBe("j1");
    await clock.advance(31 * 60_000);
    await expect(admit()).rejects.toMatchObject({
      message: "Tokens cannot be verified at the moment.",
      extensions: { code: "KEYS_UNAVAILABLE" },
    });
  });

  it("that were never there let nobody in", async () => {
    const { state, admit } = await setUp();
    state.status = 404;
    await expect(admit()).rejects.toMatchObject({ extensions: { code: "KEYS_UNAVAILABLE" } });
  });
});

// Row S9 at an agent: which tokens let an operation in, and each way in which one is not for it.
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { type LogFields, type Logger, silentLogger } from "@lmos/primitives";
import { type AgentRequest, agentRequestSchema } from "@lmos/protocol";
import { FakeClock } from "@lmos/testing";
import { createTestIssuer, type TestIssuer } from "@lmos/testing/test-issuer";
import { beforeAll, describe, expect, it } from "vitest";
import { createTokenGuard } from "./token-guard.ts";
import type { TokenOptions } from "./token-options.ts";

const issuer = "https://runtime.example";
const type = "lmos-agent+jwt";
let runtime: TestIssuer;
let old: TestIssuer;
let stranger: TestIssuer;
let rsa: TestIssuer;

beforeAll(async () => {
  runtime = await createTestIssuer("k1", "EdDSA");
  old = await createTestIssuer("k0", "ES256");
  stranger = await createTestIssuer("k1", "EdDSA");
  rsa = await createTestIssuer("k2", "RS256");
});

/** The entries of an operation's context; undefined ones are left out. */
function requestWith(entries: Readonly<Record<string, string | undefined>>): AgentRequest {
  const all = { tenantId: "acme", channelId: "web", ...entries };
  return agentRequestSchema.parse({
    messages: [{ role: "user", content: "hello" }],
    conversationContext: { conversationId: "c1" },
    systemContext: Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : { key, value })),
  });
}

async function setUp(options: Partial<TokenOptions> = {}) {
  const clock = new FakeClock();
  const reasons: unknown[] = [];
  const warn = (_message: string, fields?: LogFields) => void reasons.push(fields?.["reason"]);
  const logger: Logger = { ...silentLogger, warn };
  const keys = { keys: [runtime, old, rsa].flatMap((each) => each.keys.keys) };
  const guard = await createTokenGuard(
    { issuer, audience: "acme/billing-agent", keys, ...options },
    { clock, logger },
  );
  /** A token of the runtime for this agent, as far as it is not told to differ. */
  const token = (
    claims: Readonly<Record<string, unknown>> = {},
    { by = runtime, header = {} }: { readonly by?: TestIssuer; readonly header?: object } = {},
  ): Promise<string> => {
    const own = {
      iss: issuer,
      aud: "acme/billing-agent",
      sub: "p1",
      channel: "web",
      jti: "j1",
      scope: "ask memory",
    };
    return by.token({ now: clock.now(), claims: { ...own, ...claims }, header: { typ: type, ...header } });
  };
  const admit = (value: string | undefined, entries: Readonly<Record<string, string | undefined>> = {}) =>
    guard.admit(requestWith({ "lmos.token": value, ...entries }));
  return { clock, reasons, token, admit };
}

const seconds = (clock: FakeClock): number => Math.floor(clock.now() / 1000);

describe("an operation is let in", () => {
  it("with a token that was made for this agent, and its claims are told", async () => {
    const { clock, token, admit, reasons } = await setUp();
    expect(await admit(await token())).toEqual({
      ...{ issuer, audience: "acme/billing-agent", subject: "p1", tenant: "acme", channel: "web" },
      ...{ scopes: new Set(["ask", "memory"]), id: "j1", expiresAt: (seconds(clock) + 300) * 1000 },
    });
    expect(reasons).toEqual([]);
  });

  it("without a subject and a scope where the token has none", async () => {
    const { token, admit } = await setUp();
    const claims = await admit(await token({ sub: undefined, scope: undefined }));
    expect(claims).toMatchObject({ subject: undefined, scopes: new Set() });
  });

  it("signed with any of the issuer's keys, as they change", async () => {
    const { token, admit } = await setUp();
    expect(await admit(await token({}, { by: old }))).toMatchObject({ tenant: "acme" });
  });

  it("as one of several audiences", async () => {
    const { token, admit } = await setUp({ audience: ["acme/other", "acme/billing-agent"] });
    expect(await admit(await token())).toMatchObject({ audience: "acme/billing-agent" });
  });

  it("for every tenant, where it asks for that", async () => {
    const { token, admit } = await setUp({ audience: "*/billing-agent" });
    const other = await token({ aud: "globex/billing-agent", tenant: "globex" });
    expect(await admit(other, { tenantId: "globex" })).toMatchObject({ tenant: "globex" });
  });

  it.each([
    { name: "over", claims: (now: number) => ({ exp: now - 4 }) },
    { name: "still to come", claims: (now: number) => ({ nbf: now + 4, iat: now + 4 }) },
  ])("when it is $name by no more than the clocks may differ", async ({ claims }) => {
    const { clock, token, admit } = await setUp();
    expect(await admit(await token(claims(seconds(clock))))).toMatchObject({ id: "j1" });
  });
});

interface Refusal {
  readonly name: string;
  readonly reason: string;
  readonly claims?: Readonly<Record<string, unknown>> | ((now: number) => Readonly<Record<string, unknown>>);
  readonly header?: Readonly<Record<string, unknown>>;
  readonly by?: () => TestIssuer;
  readonly entries?: Readonly<Record<string, string | undefined>>;
  readonly options?: Partial<TokenOptions>;
}

const refusals: readonly Refusal[] = [
  { name: "for another agent", claims: { aud: "acme/other-agent" }, reason: "audience" },
  {
    name: "for the same agent of another tenant",
    claims: { aud: "globex/billing-agent" },
    reason: "audience",
  },
  {
    name: "for another tenant, in its own name",
    claims: { aud: "globex/billing-agent", tenant: "globex" },
    entries: { tenantId: "globex" },
    reason: "audience",
  },
  { name: "for an agent whose name is longer", claims: { aud: "acme/billing-agent-2" }, reason: "audience" },
  { name: "in other letters", claims: { aud: "acme/Billing-Agent" }, reason: "audience" },
  { name: "for nobody", claims: { aud: undefined }, reason: "audience" },
  { name: "for no text", claims: { aud: { tenant: "acme" } }, reason: "audience" },
  { name: "for a star", claims: { aud: "*/billing-agent" }, reason: "audience" },
  {
    name: "for another agent where every tenant's count",
    claims: { aud: "acme/other-agent" },
    options: { audience: "*/billing-agent" },
    reason: "audience",
  },
  {
    name: "for another tenant than it says, where every tenant's count",
    claims: { aud: "globex/billing-agent" },
    options: { audience: "*/billing-agent" },
    reason: "audience",
  },
  { name: "for several", claims: { aud: ["acme/billing-agent", "acme/other-agent"] }, reason: "claims" },
  { name: "of another issuer", claims: { iss: "https://other.example" }, reason: "issuer" },
  { name: "of no issuer", claims: { iss: undefined }, reason: "issuer" },
  { name: "that is over", claims: (now) => ({ exp: now - 6 }), reason: "expired" },
  { name: "that never ends", claims: { exp: undefined }, reason: "claims" },
  { name: "that ends with a text", claims: { exp: "tomorrow" }, reason: "claims" },
  { name: "that is still to come", claims: (now) => ({ nbf: now + 6 }), reason: "not_yet_valid" },
  { name: "that does not say from when", claims: { nbf: undefined }, reason: "not_yet_valid" },
  { name: "that does not say since when", claims: { iat: undefined }, reason: "claims" },
  { name: "without an id", claims: { jti: undefined }, reason: "claims" },
  { name: "with an empty subject", claims: { sub: "" }, reason: "claims" },
  { name: "without a tenant", claims: { tenant: undefined }, reason: "claims" },
  { name: "with several tenants", claims: { tenant: ["acme"] }, reason: "claims" },
  { name: "without a channel", claims: { channel: undefined }, reason: "claims" },
  { name: "of a user", header: { typ: "at+jwt" }, reason: "type" },
  { name: "that does not say what it is", header: { typ: undefined }, reason: "type" },
  { name: "that is any JWT", header: { typ: "JWT" }, reason: "type" },
  { name: "that is signed by a stranger under our key's name", by: () => stranger, reason: "signature" },
  { name: "that is signed with a key of another kind", by: () => rsa, reason: "algorithm" },
  { name: "that names a key that nobody knows", header: { kid: "k9" }, reason: "unknown_key" },
  { name: "that brings its keys' address", header: { jku: "https://evil.example/keys" }, reason: "header" },
  { name: "that brings its key", header: { jwk: { kty: "OKP" } }, reason: "header" },
  { name: "that brings a certificate", header: { x5u: "https://evil.example/x" }, reason: "header" },
  {
    name: "whose tenant the operation does not name",
    entries: { tenantId: undefined },
    options: { audience: "*/billing-agent" },
    reason: "audience",
  },
  { name: "of another tenant than the operation", entries: { tenantId: "globex" }, reason: "other_tenant" },
  { name: "of another channel than the operation", entries: { channelId: "voice" }, reason: "other_channel" },
  {
    name: "whose channel the operation does not name",
    entries: { channelId: undefined },
    reason: "other_channel",
  },
];

describe("an operation is refused with a token", () => {
  it.each(refusals)(
    "$name",
    async ({ claims = {}, header = {}, by = () => runtime, entries, options, reason }) => {
      const { clock, token, admit, reasons } = await setUp(options);
      const own = typeof claims === "function" ? claims(seconds(clock)) : claims;
      await expect(admit(await token(own, { by: by(), header }), entries)).rejects.toMatchObject({
        message: "The token of the operation is not valid here.",
        extensions: { code: "UNAUTHENTICATED" },
      });
      expect(reasons).toEqual([reason]);
    },
  );
});

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("an operation is refused", () => {
  it.each([
    { name: "no token", value: undefined },
    { name: "an empty one", value: "" },
  ])("with $name, and told where it belongs", async ({ value }) => {
    const { admit, reasons } = await setUp();
    await expect(admit(value)).rejects.toMatchObject({
      message: "A token is needed, in the entry lmos.token of systemContext.",
      extensions: { code: "UNAUTHENTICATED" },
    });
    expect(reasons).toEqual(["missing"]);
  });

  const made: readonly {
    readonly name: string;
    readonly make: (good: string) => string;
    readonly reason: string;
  }[] = [
    { name: "a text", make: () => "hello", reason: "malformed" },
    { name: "a password", make: () => "Bearer x", reason: "malformed" },
    { name: "two dots", make: () => "..", reason: "malformed" },
    { name: "a token in quotes", make: (good) => `"${good}"`, reason: "malformed" },
    { name: "a token of 20,000 characters", make: (good) => good + "A".repeat(20_000), reason: "too_large" },
    {
      name: "a token without its signature",
      make: (good) => good.replace(/[^.]+$/, ""),
      reason: "signature",
    },
    {
      name: "a token that says it has none",
      make: (good) => `${encode({ alg: "none", typ: type })}.${good.split(".")[1]}.`,
      reason: "algorithm",
    },
    {
      name: "a token that is signed with the public key as a password",
      make: (good) => {
        const signed = `${encode({ alg: "HS256", typ: type, kid: "k1" })}.${good.split(".")[1]}`;
        const password = JSON.stringify(runtime.keys.keys[0]);
        return `${signed}.${createHmac("sha256", password).update(signed).digest("base64url")}`;
      },
      reason: "algorithm",
    },
    {
      name: "a token that is signed with a new key of a kind that counts",
      make: (good) => {
        const signed = `${encode({ alg: "ES256", typ: type, kid: "k0" })}.${good.split(".")[1]}`;
        const { privateKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
        return `${signed}.${sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
      },
      reason: "signature",
    },
    {
      name: "the claims of one token and the signature of another",
      make: (good) => {
        const claims = JSON.parse(Buffer.from(good.split(".")[1] ?? "", "base64url").toString());
        return good.replace(/\.[^.]+\./, `.${encode({ ...claims, sub: "p2" })}.`);
      },
      reason: "signature",
    },
  ];
  it.each(made)("with $name", async ({ make, reason }) => {
    const { token, admit, reasons } = await setUp();
    await expect(admit(make(await token()))).rejects.toMatchObject({
      extensions: { code: "UNAUTHENTICATED" },
    });
    expect(reasons).toEqual([reason]);
  });

  it("in a way that says nothing of the token and the reason", async () => {
    const { token, admit } = await setUp();
    const value = await token({ aud: "acme/secret-agent" });
    const error: unknown = await admit(value).catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error)).not.toMatch(/secret|audience|eyJ/);
  });
});

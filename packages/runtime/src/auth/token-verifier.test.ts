/** Row S8: tokens that count, and the ways to make one up. */
import { createHmac } from "node:crypto";
import { FakeClock } from "@lmos/testing";
import {
  claimsOf,
  createTestIssuer,
  type TestIssuer,
  testAudience,
  testIssuer,
} from "@lmos/testing/test-issuer";
import { KeysUnavailableError, maxTokenLength } from "@lmos/tokens";
import * as jose from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import type { Authentication } from "./identity.ts";
import { createTokenVerifier } from "./token-verifier.ts";

let issuer: TestIssuer;
let stranger: TestIssuer;

beforeAll(async () => {
  issuer = await createTestIssuer();
  stranger = await createTestIssuer();
});

function setUp(overrides: { readonly keys?: jose.JWTVerifyGetKey; readonly tenantClaim?: string } = {}) {
  const clock = new FakeClock();
  const seen = { lookups: 0 };
  const find = overrides.keys ?? jose.createLocalJWKSet(issuer.keys);
  const verifier = createTokenVerifier({
    rules: {
      issuer: testIssuer,
      audiences: [testAudience, "other-audience"],
      tenantClaim: overrides.tenantClaim ?? "tenant",
    },
    keys: (header, token) => {
      seen.lookups += 1;
      return find(header, token);
    },
    jwt: jose,
    clock,
  });
  const authenticate = (token: string): Promise<Authentication> => verifier.authenticate(`Bearer ${token}`);
  const reason = async (token: string): Promise<string> => {
    const outcome = await authenticate(token);
    return outcome.kind === "refused" ? outcome.reason : outcome.kind;
  };
  return { clock, now: clock.now(), seen, verifier, authenticate, reason };
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a token that counts", () => {
  test("says who its bearer is", async () => {
    const { now, authenticate } = setUp();
    const claims = { scope: "openid subset:write", sub: "alice" };
    const outcome = await authenticate(await issuer.token({ now, claims }));
    expect(outcome).toMatchObject({
      kind: "authenticated",
      caller: { identity: { issuer: testIssuer, subject: "alice", tenant: "acme" } },
    });
    const scopes = outcome.kind === "authenticated" ? [...outcome.caller.identity.scopes] : [];
    expect(scopes).toEqual(["openid", "subset:write"]);
  });

  test.each([
    { name: "type JWT", header: { typ: "JWT" } },
    { name: "no type", header: { typ: undefined } },
    { name: "the long type", header: { typ: "application/at+jwt" } },
    { name: "several audiences", claims: { aud: ["x", testAudience] } },
    { name: "the other audience", claims: { aud: "other-audience" } },
    { name: "scopes as a list", claims: { scp: ["a"] } },
    { name: "scopes that are none", claims: { scope: 1 } },
    { name: "a clock that is 20 s ahead", claims: { nbf: 1_767_225_600 + 20 } },
    { name: "no key id, while there is one key", header: { kid: undefined } },
  ])("has $name", async ({ header, claims }) => {
    const { now, reason } = setUp();
    const options = { now, ...(header && { header }), ...(claims && { claims }) };
    expect(await reason(await issuer.token(options))).toBe("authenticated");
  });

  test.each(["PS256", "ES256", "EdDSA"])("is signed by %s", async (alg) => {
    const other = await createTestIssuer("k1", alg);
    const { now, reason } = setUp({ keys: jose.createLocalJWKSet(other.keys) });
    expect(await reason(await other.token({ now }))).toBe("authenticated");
  });

  test("names its tenant in the claim that is asked for", async () => {
    const { now, reason } = setUp({ tenantClaim: "https://example.com/tenant" });
    const claims = { tenant: undefined, "https://example.com/tenant": "acme" };
    expect(await reason(await issuer.token({ now, claims }))).toBe("authenticated");
    expect(await reason(await issuer.token({ now }))).toBe("claims");
  });

  test("is not shown by what is kept of it", async () => {
    const { now, authenticate } = setUp();
    const token = await issuer.token({ now });
    const outcome = await authenticate(token);
    expect(JSON.stringify(outcome)).not.toContain(token);
    expect(JSON.stringify(outcome)).toContain("[secret]");
  });
});

describe("S8 a token whose claims are wrong", () => {
  const rows: readonly {
    readonly name: string;
    readonly claims: Readonly<Record<string, unknown>>;
    readonly reason: string;
  }[] = [
    { name: "another issuer", claims: { iss: "https://evil.example" }, reason: "issuer" },
    { name: "an issuer with a slash more", claims: { iss: `${testIssuer}/` }, reason: "issuer" },
    { name: "no issuer", claims: { iss: undefined }, reason: "issuer" },
    { name: "a list of issuers", claims: { iss: [testIssuer] }, reason: "issuer" },
    { name: "another audience", claims: { aud: "another-service" }, reason: "audience" },
    { name: "no audience", claims: { aud: undefined }, reason: "audience" },
    { name: "an empty list of audiences", claims: { aud: [] }, reason: "audience" },
    { name: "a part of the audience", claims: { aud: "lmos" }, reason: "audience" },
    { name: "an end in the past", claims: { exp: 1_767_225_600 - 1 }, reason: "expired" },
    { name: "an end this very second", claims: { exp: 1_767_225_600 }, reason: "expired" },
    { name: "no end", claims: { exp: undefined }, reason: "claims" },
    { name: "an end that is a text", claims: { exp: "9999999999" }, reason: "claims" },
    { name: "a begin in a minute", claims: { nbf: 1_767_225_600 + 60 }, reason: "not_yet_valid" },
    { name: "no subject", claims: { sub: undefined }, reason: "claims" },
    { name: "an empty subject", claims: { sub: "" }, reason: "claims" },
    { name: "a subject of spaces", claims: { sub: "  " }, reason: "claims" },
    { name: "a subject with a line break", claims: { sub: "alice\nbob" }, reason: "claims" },
    { name: "no tenant", claims: { tenant: undefined }, reason: "claims" },
    { name: "an empty tenant", claims: { tenant: "" }, reason: "claims" },
    { name: "null as the tenant", claims: { tenant: null }, reason: "claims" },
    { name: "a list of tenants", claims: { tenant: ["acme"] }, reason: "claims" },
    { name: "an empty list of tenants", claims: { tenant: [] }, reason: "claims" },
    { name: "an object as the tenant", claims: { tenant: { toString: "acme" } }, reason: "claims" },
    { name: "true as the tenant", claims: { tenant: true }, reason: "claims" },
    { name: "a tenant of a thousand characters", claims: { tenant: "a".repeat(1000) }, reason: "claims" },
  ];
  test.each(rows)("$name", async ({ claims, reason: expected }) => {
    const { now, reason } = setUp();
    expect(await reason(await issuer.token({ now, claims }))).toBe(expected);
  });
});

describe("S8 a token that is made up", () => {
  test("that says alg none, in any spelling", async () => {
    const { now, reason } = setUp();
    for (const alg of ["none", "None", "NONE", "nOnE", ""]) {
      const head = `${encode({ alg, typ: "JWT" })}.${encode(claimsOf(now))}`;
      for (const token of [`${head}.`, `${head}.x`, head]) {
        expect(["algorithm", "malformed"]).toContain(await reason(token));
      }
    }
  });

  test("that is signed by HMAC with the provider's public key", async () => {
    const { now, reason } = setUp();
    const [jwk] = issuer.keys.keys;
    const pem = await jose.exportSPKI(await publicKeyOf(jwk));
    for (const secret of [pem, pem.trim(), JSON.stringify(jwk), String(jwk?.n)]) {
      for (const [alg, hash] of [
        ["HS256", "sha256"],
        ["HS512", "sha512"],
      ] as const) {
        const head = `${encode({ alg, kid: issuer.kid, typ: "JWT" })}.${encode(claimsOf(now))}`;
        const signature = createHmac(hash, secret).update(head).digest("base64url");
        expect(await reason(`${head}.${signature}`)).toBe("algorithm");
      }
    }
  });

  const headers: readonly { readonly name: string; readonly header: Readonly<Record<string, unknown>> }[] = [
    { name: "jku", header: { jku: "https://evil.example/keys" } },
    { name: "x5u", header: { x5u: "https://evil.example/cert" } },
    { name: "x5c", header: { x5c: ["MIIB"] } },
    { name: "an embedded key", header: { jwk: { kty: "RSA" } } },
  ];
  test.each(headers)("whose header brings $name, however it is signed", async ({ header }) => {
    const { now, reason, seen } = setUp();
    expect(await reason(await stranger.token({ now, header }))).toBe("header");
    expect(await reason(await issuer.token({ now, header }))).toBe("header");
    expect(seen.lookups).toBe(0);
  });

  test.each([
    { name: "what has to be understood", header: { crit: ["exp"], exp: 1 } },
    { name: "that its payload is not encoded", header: { crit: ["b64"], b64: false } },
    { name: "that its payload is encoded, as if that had to be said", header: { b64: true } },
    { name: "that its payload is compressed", header: { zip: "DEF" } },
  ])("whose header says $name", async ({ header }) => {
    const { now, reason, seen } = setUp();
    const head = encode({ alg: "RS256", kid: issuer.kid, typ: "at+jwt", ...header });
    expect(await reason(`${head}.${encode(claimsOf(now))}.AAAA`)).toBe("header");
    expect(seen.lookups).toBe(0);
  });

  test("that brings its own key and is signed with it", async () => {
    const { now, reason } = setUp();
    const [jwk] = stranger.keys.keys;
    expect(await reason(await stranger.token({ now, header: { jwk } }))).toBe("header");
  });

  test("that is signed by a stranger under the same key id", async () => {
    const { now, reason } = setUp();
    expect(await reason(await stranger.token({ now }))).toBe("signature");
  });

  test.each(["../../../dev/null", "k1' OR 1=1 --", "http://evil.example/k1", "K1", "k1\u0000", ""])(
    "whose key id is %j",
    async (kid) => {
      const { now, reason } = setUp();
      expect(await reason(await issuer.token({ now, header: { kid } }))).toBe("unknown_key");
    },
  );

  test("whose key id is enormous", async () => {
    const { now, reason, seen } = setUp();
    expect(await reason(await issuer.token({ now, header: { kid: "k".repeat(300) } }))).toBe("header");
    expect(seen.lookups).toBe(0);
  });

  test.each(["logout+jwt", "dpop+jwt", "secevent+jwt", "id+jwt"])("of the type %s", async (typ) => {
    const { now, reason } = setUp();
    expect(await reason(await issuer.token({ now, header: { typ } }))).toBe("type");
  });

  test("of which any part was changed", async () => {
    const { now, reason } = setUp();
    const [head = "", body = "", signature = ""] = (await issuer.token({ now })).split(".");
    const other = encode(claimsOf(now, { tenant: "globex" }));
    const flipped = `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
    for (const token of [
      [head, other, signature],
      [head, body, flipped],
      [head, body, ""],
      [head, body, signature.slice(0, -8)],
    ]) {
      expect(["signature", "malformed"]).toContain(await reason(token.join(".")));
    }
  });

  test.each([
    { name: "nothing", authorization: undefined, reason: "missing" },
    { name: "an empty header", authorization: "", reason: "missing" },
    { name: "the word alone", authorization: "Bearer", reason: "malformed" },
    { name: "no token", authorization: "Bearer ", reason: "malformed" },
    { name: "a password", authorization: "Basic YWxpY2U6c2VjcmV0", reason: "malformed" },
    { name: "two tokens", authorization: "Bearer a.b.c, Bearer d.e.f", reason: "malformed" },
    { name: "garbage", authorization: "Bearer x", reason: "malformed" },
    { name: "garbage in three parts", authorization: "Bearer x.y.z", reason: "malformed" },
    { name: "an encrypted token", authorization: "Bearer a.b.c.d.e", reason: "malformed" },
    { name: "other scripts", authorization: "Bearer tökén", reason: "malformed" },
    { name: "64 KiB", authorization: `Bearer ${"a".repeat(64 * 1024)}`, reason: "too_large" },
    {
      name: "a character too much",
      authorization: `Bearer ${"a".repeat(maxTokenLength)}`,
      reason: "too_large",
    },
  ])("that is $name", async ({ authorization, reason }) => {
    const { verifier, seen } = setUp();
    expect(await verifier.authenticate(authorization)).toEqual({ kind: "refused", reason });
    expect(seen.lookups).toBe(0);
  });
});

describe("a verified token", () => {
  test("is not verified again while it counts", async () => {
    const { now, seen, reason } = setUp();
    const token = await issuer.token({ now });
    for (let each = 0; each < 5; each++) expect(await reason(token)).toBe("authenticated");
    expect(seen.lookups).toBe(1);
  });

  test("S8 dies at its end, to the second", async () => {
    const { clock, now, reason } = setUp();
    const token = await issuer.token({ now });
    await reason(token);
    await clock.advance(299_999);
    expect(await reason(token)).toBe("authenticated");
    await clock.advance(1);
    expect(await reason(token)).toBe("expired");
  });

  test("does not stand for another one", async () => {
    const { now, reason } = setUp();
    const token = await issuer.token({ now });
    await reason(token);
    expect(await reason(`${token}x`)).not.toBe("authenticated");
    expect(await reason(token.slice(0, -1))).not.toBe("authenticated");
  });

  test("that was refused is verified anew", async () => {
    const { now, seen, reason } = setUp();
    const token = await stranger.token({ now });
    expect([await reason(token), await reason(token), seen.lookups]).toEqual(["signature", "signature", 2]);
  });
});

test("without keys, tokens are neither right nor wrong", async () => {
  const keys = () => Promise.reject(new KeysUnavailableError("away"));
  const { now, reason } = setUp({ keys });
  expect(await reason(await issuer.token({ now }))).toBe("keys_unavailable");
});

async function publicKeyOf(jwk: jose.JWK | undefined): Promise<jose.CryptoKey> {
  const key = await jose.importJWK({ ...jwk, ext: true }, "RS256");
  if (key instanceof Uint8Array) throw new TypeError("an RSA key was expected");
  return key;
}

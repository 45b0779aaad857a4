import type { LogFields } from "@lmos/primitives";
import { silentLogger } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { createTestIssuer, type TestIssuer, testIssuer } from "@lmos/testing/test-issuer";
import { createLocalJWKSet, type FlattenedJWSInput } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { freshMs, isSafeUrl, KeySet, KeysUnavailableError, pauseMs, staleMs } from "./key-set.ts";

let first: TestIssuer;
let second: TestIssuer;

beforeAll(async () => {
  first = await createTestIssuer("k1");
  second = await createTestIssuer("k2");
});

const configurationUrl = `${testIssuer}/.well-known/openid-configuration`;
const keysUrl = `${testIssuer}/keys`;

function setUp(documents: Readonly<Record<string, unknown>> = {}, jwksUrl?: string) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const warnings: string[] = [];
  const provider = {
    away: false,
    /** What an answer waits for. */
    ready: Promise.resolve(),
    documents: {
      [configurationUrl]: { issuer: testIssuer, jwks_uri: keysUrl },
      [keysUrl]: first.keys,
      ...documents,
    } as Readonly<Record<string, unknown>>,
  };
  const keys = new KeySet({
    issuer: testIssuer,
    jwksUrl,
    fetchJson: async (url) => {
      asked.push(url);
      await provider.ready;
      if (provider.away) throw new Error("the provider is away");
      return provider.documents[url];
    },
    clock,
    logger: { ...silentLogger, warn: (message: string, _fields?: LogFields) => void warnings.push(message) },
    lookupIn: createLocalJWKSet,
  });
  const find = async (kid: string): Promise<string> => {
    const token: FlattenedJWSInput = { payload: "", signature: "" };
    try {
      await keys.find({ alg: "RS256", kid }, token);
      return "found";
    } catch (error) {
      return error instanceof KeysUnavailableError ? "unavailable" : "unknown";
    }
  };
  return { clock, asked, provider, warnings, find };
}

describe("the keys of a provider", () => {
  test("are found through its configuration, once", async () => {
    const { find, asked } = setUp();
    expect([await find("k1"), await find("k1")]).toEqual(["found", "found"]);
    expect(asked).toEqual([configurationUrl, keysUrl]);
  });

  test("are read at the address that is given", async () => {
    const { find, asked } = setUp({ "https://keys.example": first.keys }, "https://keys.example");
    expect(await find("k1")).toBe("found");
    expect(asked).toEqual(["https://keys.example"]);
  });

  test("are read once for all who wait", async () => {
    const { find, asked } = setUp();
    await Promise.all(Array.from({ length: 20 }, () => find("k1")));
    expect(asked).toHaveLength(2);
  });

  test("are read again when they are old, without asking for the configuration", async () => {
    const { find, clock, asked } = setUp();
    await find("k1");
    await clock.advance(freshMs);
    await find("k1");
    expect(asked).toHaveLength(2);
    await clock.advance(1);
    await find("k1");
    expect(asked).toEqual([configurationUrl, keysUrl, keysUrl]);
  });

  test("S8 that were rotated are found by the first token that needs them", async () => {
    const { find, clock, provider } = setUp();
    await find("k1");
    await clock.advance(pauseMs);
    provider.documents = {
      ...provider.documents,
      [keysUrl]: { keys: [...first.keys.keys, ...second.keys.keys] },
    };
    expect(await find("k2")).toBe("found");
    expect(await find("k1")).toBe("found");
  });

  test("S8 that were withdrawn count no longer once they are read", async () => {
    const { find, clock, provider } = setUp();
    await find("k1");
    provider.documents = { ...provider.documents, [keysUrl]: second.keys };
    await clock.advance(freshMs + 1);
    expect([await find("k1"), await find("k2")]).toEqual(["unknown", "found"]);
  });

  test("S8 are not read more than twice a minute, however many unknown keys are named", async () => {
    const { find, clock, asked } = setUp();
    await find("k1");
    for (let minute = 0; minute < 60; minute++) {
      for (let each = 0; each < 10; each++) await find(`made-up-${minute}-${each}`);
      await clock.advance(1000);
    }
    expect(asked.filter((url) => url === keysUrl).length).toBeLessThanOrEqual(3);
  });
});

describe("S8 while the provider is away", () => {
  test("what is known counts for an hour, and is asked for again all the while", async () => {
    const { find, clock, provider, asked, warnings } = setUp();
    await find("k1");
    provider.away = true;
    await clock.advance(staleMs);
    expect(await find("k1")).toBe("found");
    await clock.advance(1);
    expect(await find("k1")).toBe("unavailable");
    expect(asked.length).toBeGreaterThan(2);
    expect(warnings).toContain("The keys of the issuer of tokens cannot be read");
  });

  test("its return is noticed within half a minute", async () => {
    const { find, clock, provider } = setUp();
    provider.away = true;
    expect(await find("k1")).toBe("unavailable");
    provider.away = false;
    expect(await find("k1")).toBe("unavailable");
    await clock.advance(pauseMs);
    expect(await find("k1")).toBe("found");
  });

  test("nobody waits for it who can do with what is known, once it has failed to answer", async () => {
    const { find, clock, provider, asked } = setUp();
    await find("k1");
    provider.away = true;
    await clock.advance(freshMs + 1);
    expect(await find("k1")).toBe("found");
    const answer = Promise.withResolvers<void>();
    provider.ready = answer.promise;
    await clock.advance(pauseMs);
    expect(await find("k1")).toBe("found");
    expect(asked).toHaveLength(4);
    answer.resolve();
  });

  test("nobody waits for it again and again", async () => {
    const { find, provider, asked } = setUp();
    provider.away = true;
    for (let each = 0; each < 10; each++) await find("k1");
    expect(asked).toHaveLength(1);
  });
});

describe("documents that are not followed", () => {
  test.each([
    {
      name: "the configuration of another issuer",
      document: { issuer: "https://evil.example", jwks_uri: keysUrl },
    },
    {
      name: "keys over plain http",
      document: { issuer: testIssuer, jwks_uri: "http://issuer.example/keys" },
    },
    { name: "keys in a file", document: { issuer: testIssuer, jwks_uri: "file:///etc/passwd" } },
    { name: "no address of keys", document: { issuer: testIssuer } },
    { name: "no document", document: null },
    { name: "a text", document: "<html>" },
  ])("$name", async ({ document }) => {
    const { find, asked } = setUp({ [configurationUrl]: document });
    expect(await find("k1")).toBe("unavailable");
    expect(asked).toEqual([configurationUrl]);
  });

  test.each([
    { name: "no keys", document: {} },
    { name: "a list", document: [] },
    { name: "keys that are texts", document: { keys: ["x"] } },
    { name: "a thousand keys", document: { keys: Array.from({ length: 1000 }, () => ({ kty: "RSA" })) } },
  ])("keys that are $name", async ({ document }) => {
    const { find } = setUp({ [keysUrl]: document });
    expect(await find("k1")).toBe("unavailable");
  });
});

test.each([
  { url: "https://issuer.example", safe: true },
  { url: "http://localhost:3000", safe: true },
  { url: "http://127.0.0.1:3000/x", safe: true },
  { url: "http://[::1]:3000", safe: true },
  { url: "http://issuer.example", safe: false },
  { url: "http://localhost.evil.example", safe: false },
  { url: "http://127.0.0.1.evil.example", safe: false },
  { url: "ftp://localhost", safe: false },
  { url: "issuer.example", safe: false },
  { url: "", safe: false },
])("$url is safe to ask: $safe", ({ url, safe }) => {
  expect(isSafeUrl(url)).toBe(safe);
});

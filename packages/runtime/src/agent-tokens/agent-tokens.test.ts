/** Tokens as whoever has the public keys sees them: with the library that agents verify them with. */
import { rmSync } from "node:fs";
import { type Logger, silentLogger } from "@lmos/primitives";
import { FakeClock, SequentialIds } from "@lmos/testing";
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from "jose";
import { describe, expect, onTestFinished, test } from "vitest";
import { createStateKeys } from "../identity/state-keys.ts";
import { createKeyFile, newKey } from "../testing/key-files.ts";
import type { AgentGrant } from "./agent-claims.ts";
import { AgentTokens } from "./agent-tokens.ts";

const issuer = "https://runtime.example";
const owner = { issuer: "https://id.example", subject: "alice@example.com", tenant: "acme" };
const grant: AgentGrant = {
  ...{ tenant: "acme", channel: "web", agent: "billing-agent", owner },
  scopes: ["ask"],
  ttlMs: 60_000,
};

function setUp(text: string, options: { readonly issuer?: string } = {}) {
  const file = createKeyFile(text);
  onTestFinished(() => file[Symbol.dispose]());
  const clock = new FakeClock();
  const lines: string[] = [];
  const write = (message: string, fields?: object) => void lines.push(JSON.stringify({ message, ...fields }));
  const logger: Logger = { ...silentLogger, info: write, warn: write };
  const tokens = new AgentTokens({
    ...{ issuer, keyFile: file.path, clock, ids: new SequentialIds(), logger, ...options },
    pseudonyms: createStateKeys("secret"),
  });
  const verify = (token: string, keys: JSONWebKeySet = { keys: [...tokens.publicKeys] }) =>
    jwtVerify(token, createLocalJWKSet(keys), { currentDate: new Date(clock.now()), typ: "lmos-agent+jwt" });
  return { tokens, file, clock, lines, verify };
}

function follow(tokens: AgentTokens): void {
  const stopped = new AbortController();
  const running = tokens.run({ signal: stopped.signal });
  onTestFinished(async () => {
    stopped.abort();
    await running;
  });
}

describe.each(["ed25519", "P-256"] as const)("a token signed with a key of %s", (kind) => {
  test("is one that the published keys verify, for that agent", async () => {
    const { tokens, verify } = setUp(newKey(kind));
    await tokens.open();
    const { payload } = await verify(tokens.mint(grant));
    expect(payload).toMatchObject({ iss: issuer, aud: "acme/billing-agent", tenant: "acme", scope: "ask" });
  });

  test("is refused once it is over, and before it began", async () => {
    const { tokens, verify, clock } = setUp(newKey(kind));
    await tokens.open();
    const token = tokens.mint(grant);
    await clock.advance(59_000);
    await verify(token);
    await clock.advance(2_000);
    await expect(verify(token)).rejects.toMatchObject({ code: "ERR_JWT_EXPIRED" });
  });

  test("is refused with one letter changed anywhere", async () => {
    const { tokens, verify } = setUp(newKey(kind));
    await tokens.open();
    const token = tokens.mint(grant);
    for (let at = 3; at < token.length - 1; at += 17) {
      const other = token[at] === "A" ? "B" : "A";
      if (token[at] === ".") continue;
      await expect(verify(token.slice(0, at) + other + token.slice(at + 1))).rejects.toThrow();
    }
  });
});

describe("the subject", () => {
  test("is a pseudonym, the same for the same user, and has nothing of the user", async () => {
    const { tokens, verify } = setUp(newKey());
    await tokens.open();
    const [first, second] = [tokens.mint(grant), tokens.mint({ ...grant, agent: "other-agent" })];
    const subjects = [(await verify(first)).payload.sub, (await verify(second)).payload.sub];
    expect(subjects[0]).toMatch(/^[\w-]{43}$/);
    expect(subjects[1]).toBe(subjects[0]);
    const texts = first.split(".").map((part) => Buffer.from(part, "base64url").toString());
    expect(texts.join()).not.toMatch(/alice|id\.example/);
  });

  test.each([
    { name: "user", other: { subject: "bob" } },
    { name: "provider", other: { issuer: "https://other.example" } },
    { name: "tenant", other: { tenant: "globex" } },
  ])("is another one for another $name", async ({ other }) => {
    const { tokens, verify } = setUp(newKey());
    await tokens.open();
    const both = [grant, { ...grant, owner: { ...owner, ...other } }].map((each) =>
      verify(tokens.mint(each)),
    );
    const [first, second] = await Promise.all(both);
    expect(first?.payload.sub).not.toBe(second?.payload.sub);
  });
});

test("no two tokens have one id", async () => {
  const { tokens, verify } = setUp(newKey());
  await tokens.open();
  const ids = [];
  for (let each = 0; each < 20; each++) ids.push((await verify(tokens.mint(grant))).payload.jti);
  expect(new Set(ids).size).toBe(20);
});

describe("the keys", () => {
  const [old, next] = [newKey("P-256"), newKey()];

  test("can be changed while turns run, and what was signed before counts as long as its key is there", async () => {
    const { tokens, verify, file, clock } = setUp(old);
    await tokens.open();
    follow(tokens);
    const before = tokens.mint(grant);
    file.write(old + next); // published before it signs
    await clock.advance(1000);
    await expect.poll(() => tokens.publicKeys).toHaveLength(2);
    expect(decodeProtectedHeader(tokens.mint(grant))).toMatchObject({ alg: "ES256" });
    file.write(`${next}\n\n${old}`);
    await clock.advance(1000);
    await expect.poll(() => tokens.publicKeys[0]?.alg).toBe("EdDSA");
    const after = tokens.mint(grant);
    expect(decodeProtectedHeader(after)).toEqual({
      ...{ alg: "EdDSA", typ: "lmos-agent+jwt", kid: tokens.publicKeys[0]?.kid },
    });
    for (const token of [before, after]) await verify(token);
    file.write(next);
    await clock.advance(1000);
    await expect.poll(() => tokens.publicKeys).toHaveLength(1);
    await expect(verify(before)).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
    await verify(after);
  });

  test("of before count on when the file is spoilt, which is told once", async () => {
    const { tokens, file, clock, lines, verify } = setUp(old);
    await tokens.open();
    follow(tokens);
    file.write("nothing");
    await clock.advance(5000);
    await expect.poll(() => lines.filter((line) => line.includes("of before count on"))).toHaveLength(1);
    await verify(tokens.mint(grant));
  });

  test("are never logged, but for the ids", async () => {
    const { tokens, lines } = setUp(old + next);
    await tokens.open();
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ keys: tokens.publicKeys.map(({ kid }) => kid) });
    expect(lines.join()).not.toContain(old.split("\n")[1]);
  });
});

describe("what cannot work is refused at the start", () => {
  test.each([
    {
      name: "a file without keys",
      text: "hello",
      message: /there is no private key in it; give a file of private keys/,
    },
    {
      name: "a key that cannot sign",
      text: newKey("rsa"),
      message: /agent-tokens\.pem cannot be used: key 1 is of the kind rsa/,
    },
  ])("$name", async ({ text, message }) => {
    await expect(setUp(text).tokens.open()).rejects.toMatchObject({ code: "InvalidAgentTokens", message });
  });

  test("a file that is not there", async () => {
    const { tokens, file } = setUp("");
    rmSync(file.path);
    await expect(tokens.open()).rejects.toMatchObject({ code: "InvalidAgentTokens", message: /ENOENT/ });
  });

  test.each(["", "a b", "x".repeat(254), "https://runtime\n"])("the issuer %j", (bad) => {
    expect(() => setUp(newKey(), { issuer: bad })).toThrow(
      expect.objectContaining({ code: "InvalidAgentTokens" }),
    );
  });
});

test("none is made before the keys were read", () => {
  expect(() => setUp(newKey()).tokens.mint(grant)).toThrow(TypeError);
});

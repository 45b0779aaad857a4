import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentTokensOf } from "./agent-token-options.ts";
import { fakeEnvironment } from "./testing/fake-context.ts";
import { runWith } from "./testing/run-with.ts";

const environment = fakeEnvironment({ workingDirectory: "/deployment" });

describe("agentTokensOf", () => {
  it.each([
    { name: "nothing", options: {}, expected: undefined },
    {
      name: "a file",
      options: { agentTokens: "/keys/tokens.pem" },
      expected: { keyFile: "/keys/tokens.pem", issuer: "lmos-runtime" },
    },
    {
      name: "a file of the working directory",
      options: { agentTokens: "tokens.pem" },
      expected: { keyFile: "/deployment/tokens.pem", issuer: "lmos-runtime" },
    },
    {
      name: "a file and an issuer",
      options: { agentTokens: "/tokens.pem", agentTokensIssuer: "https://lmos.example" },
      expected: { keyFile: "/tokens.pem", issuer: "https://lmos.example" },
    },
    {
      name: "a file, and that agents must show what they got",
      options: { agentTokens: "/tokens.pem", agentTokensRequired: true },
      expected: { keyFile: "/tokens.pem", issuer: "lmos-runtime", required: true },
    },
  ])("reads $name", ({ options, expected }) => {
    expect(agentTokensOf(options, { environment })).toEqual(expected);
  });

  it.each([
    { options: { agentTokensIssuer: "me" }, named: "--agent-tokens-issuer me" },
    { options: { agentTokensRequired: true }, named: "--agent-tokens-required" },
  ])("refuses $named without keys and says what helps", ({ options, named }) => {
    expect(() => agentTokensOf(options, { environment })).toThrow(
      `${named} has no keys: give their file with --agent-tokens`,
    );
  });
});

describe("lmos runtime --agent-tokens", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lmos-agent-tokens-"));
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    writeFileSync(join(folder, "rsa.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
    writeFileSync(
      join(folder, "good.pem"),
      generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }),
    );
    writeFileSync(join(folder, "empty.pem"), "");
    const agent = {
      id: "a",
      name: "a",
      capabilities: [{ id: "c", name: "c", requiredVersion: "1.0.0", providedVersion: "1.0.0", host: "a" }],
    };
    const labels = { tenant: "acme", channel: "web", subset: "stable", version: "1.0.0" };
    const routing = {
      apiVersion: "lmos.eclipse/v1",
      kind: "ChannelRouting",
      metadata: { name: "r", namespace: "acme", labels },
      spec: { capabilityGroups: [agent] },
    };
    writeFileSync(join(folder, "routings.yaml"), JSON.stringify({ channelRoutings: [routing] }));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const start = (...parameters: readonly string[]) =>
    runWith(
      { workingDirectory: folder },
      ...[
        "runtime",
        "--routings",
        join(folder, "routings.yaml"),
        "--port",
        "0",
        "--host",
        "127.0.0.1",
        ...["--management-port", "0"],
      ],
      ...parameters,
    );

  it.each([
    {
      name: "a file that is not there",
      parameters: ["--agent-tokens", "none.pem"],
      says: ["none.pem", "ENOENT"],
    },
    {
      name: "a file without keys",
      parameters: ["--agent-tokens", "empty.pem"],
      says: ["empty.pem", "there is no private key", "openssl genpkey"],
    },
    {
      name: "a key of another kind",
      parameters: ["--agent-tokens", "rsa.pem"],
      says: ["rsa.pem", "key 1 is of the kind rsa", "Ed25519 or P-256"],
    },
    {
      name: "an issuer that is none",
      parameters: ["--agent-tokens", "good.pem", "--agent-tokens-issuer", "a b"],
      says: ['"a b"', "without spaces"],
    },
    {
      name: "an issuer alone",
      parameters: ["--agent-tokens-issuer", "me"],
      says: ["--agent-tokens-issuer me", "give their file"],
    },
  ])("refuses $name before anything is served", async ({ parameters, says }) => {
    const { code, hints } = await start(...parameters);
    expect(code).not.toBe(0);
    for (const each of says) expect(hints).toContain(each);
  });
});

import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runUntil, runWith } from "./testing/run-with.ts";

const runFake = (...parameters: readonly string[]) => runWith({}, ...parameters);

describe("exit codes and errors", () => {
  it.each([
    { name: "help is no error", parameters: ["--help"], code: 0, says: "" },
    { name: "version is no error", parameters: ["--version"], code: 0, says: "" },
    { name: "an unknown command", parameters: ["frobnicate"], code: 2, says: "unknown command 'frobnicate'" },
    {
      name: "an unknown option",
      parameters: ["get", "agents", "--nope"],
      code: 2,
      says: "unknown option '--nope'",
    },
    { name: "an unknown kind", parameters: ["get", "pods"], code: 2, says: "use one of agents, channels" },
    {
      name: "an unknown format",
      parameters: ["get", "agents", "-o", "xml"],
      code: 2,
      says: "'xml' is invalid",
    },
    { name: "no cluster anywhere", parameters: ["get", "agents"], code: 3, says: "lmos demo" },
    {
      name: "a kubeconfig that is not there",
      parameters: ["get", "agents", "--kubeconfig", "missing"],
      code: 3,
      says: "/nowhere/missing, which does not exist",
    },
    {
      name: "a file that is not there",
      parameters: ["apply", "-f", "missing.yaml"],
      code: 2,
      says: "does not exist",
    },
    { name: "a chat without a channel", parameters: ["chat", "acme"], code: 2, says: "TENANT/CHANNEL" },
    { name: "a route without a message", parameters: ["route"], code: 2, says: "either a text or --input" },
    {
      name: "a route without a target",
      parameters: ["route", "hello"],
      code: 2,
      says: "--tenant and --channel",
    },
    {
      name: "a catalogue that is not there",
      parameters: ["route", "hello", "--catalogue", "missing.json"],
      code: 2,
      says: "missing.json cannot be read",
    },
    { name: "a port that is none", parameters: ["runtime", "--port", "99999"], code: 2, says: "0 to 65535" },
    {
      name: "a rollback to a revision and from it",
      parameters: ["rollback", "acme-web", "3", "--release"],
      code: 2,
      says: "`lmos rollback acme-web 3` holds it there, `lmos rollback acme-web --release` lets it go",
    },
    {
      name: "a kubeconfig that is none",
      parameters: ["get", "agents", "--kubeconfig", fileURLToPath(import.meta.url)],
      code: 2,
      says: "run.test.ts",
    },
    {
      name: "a chat at an address without http://",
      parameters: ["chat", "acme/web", "--runtime", "localhost:8081"],
      code: 2,
      says: "an address starts with http:// or https://",
    },
    ...["--operator-url", "--agents-url", "--embedding-url", "--llm-base-url"].map((option) => ({
      name: `${option} without http://`,
      parameters: ["runtime", option, "localhost:1"],
      code: 2,
      says: "an address starts with http:// or https://",
    })),
    ...["chat.example", "https://chat.example/?a=b"].map((url) => ({
      name: `${url} for users`,
      parameters: ["runtime", "--public-url", url],
      code: 2,
      says: "give an http:// or https:// address without user, query and fragment",
    })),
    { name: "an empty port", parameters: ["operator", "--port", ""], code: 2, says: "0 to 65535" },
    {
      name: "a port in another notation",
      parameters: ["operator", "--port", "0x50"],
      code: 2,
      says: "0 to 65535",
    },
    { name: "an empty count", parameters: ["logs", "--tail", ""], code: 2, says: "whole number" },
    {
      name: "an audience for tokens that nobody looks at",
      parameters: ["operator", "--auth-audience", "lmos"],
      code: 2,
      says: "--auth-audience lmos says nothing without --auth=kubernetes",
    },
    {
      name: "no namespace to watch",
      parameters: ["operator", "--watch-namespaces", ""],
      code: 2,
      says: "it names no namespace",
    },
    {
      name: "a namespace that is none",
      parameters: ["operator", "--watch-namespaces", "shop,Bank"],
      code: 2,
      says: '"Bank" can\'t be the name of a namespace',
    },
    {
      name: "a Lease in a namespace that is none",
      parameters: ["operator", "--lease-namespace", "a/b"],
      code: 2,
      says: '"a/b" can\'t be',
    },
    { name: "logs of nothing", parameters: ["logs"], code: 1, says: "no logs below /nowhere/.lmos" },
  ])("$name", async ({ parameters, code, says }) => {
    const result = await runFake(...parameters);
    expect(result.hints).toContain(says);
    expect(result.code).toBe(code);
  });
});

describe("completion", () => {
  it.each(["bash", "zsh", "fish"])("%s knows commands and their options", async (shell) => {
    const { out } = await runFake("completion", shell);
    expect(out).toContain("route");
    expect(out).toContain(shell === "fish" ? "-l catalogue" : "--catalogue");
  });
});

describe("route --catalogue", () => {
  it("routes each line of a file against a file of agents, one JSON object a line", async () => {
    const { code, out } = await runFake(
      ...[
        "route",
        "--catalogue",
        fixture("catalogue.json"),
        "--input",
        fixture("messages.txt"),
        "-o",
        "ndjson",
      ],
    );
    expect(code).toBe(0);
    const rows = out.split("\n").map((line) => JSON.parse(line));
    expect(rows.map(({ message, decision, agent }) => [message, decision, agent])).toEqual([
      ["will it rain tomorrow?", "accept", "weather-agent"],
      ["tell me today's headlines", "accept", "news-agent"],
      ["", "none", null],
    ]);
    expect(Object.keys(rows[0])).toEqual([
      "message",
      "decision",
      "agent",
      "capability",
      "confidence",
      "alternatives",
    ]);
    expect(rows[0].alternatives[0]).toMatchObject({ agent: "weather-agent", capability: "forecast" });
  });

  it("routes what is piped in, a message a line", async () => {
    const input = Readable.from(["will it rain tomorrow?\r\ntell me today's headlines"]);
    const { signal } = new AbortController();
    const parameters = ["route", "--catalogue", fixture("catalogue.json"), "--input", "-", "-o", "json"];
    const { code, out } = await runUntil({ environment: {}, signal, input }, ...parameters);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ agent: "weather-agent" }, { agent: "news-agent" }]);
  });

  it.each([
    {
      format: "table",
      says: /^accept {3}will it rain\?\n {2}AGENT +CAPABILITY +CONFIDENCE\n {2}weather-agent +forecast +\d\.\d{3}/,
    },
    { format: "yaml", says: /^message: will it rain\?\ndecision: accept\nagent: weather-agent\n/ },
    { format: "json", says: /^\{\n {2}"message": "will it rain\?"/ },
  ])("shows one message as $format", async ({ format, says }) => {
    const parameters = ["route", "will it rain?", "--catalogue", fixture("catalogue.json"), "-o", format];
    expect((await runFake(...parameters)).out).toMatch(says);
  });

  it.each(["llm", "hybrid"])("--mode %s needs a model", async (mode) => {
    const { code, hints } = await runFake(
      "route",
      "hello",
      "--catalogue",
      fixture("catalogue.json"),
      "--mode",
      mode,
    );
    expect(code).toBe(2);
    expect(hints).toContain(`--mode ${mode} needs a language model: give --llm-base-url and --llm-model`);
  });

  it("names what is wrong with a catalogue", async () => {
    const { code, hints } = await runFake("route", "hello", "--catalogue", fixture("not-a-catalogue.json"));
    expect(code).toBe(2);
    expect(hints).toContain("capabilities");
  });
});

function fixture(name: string): string {
  return new URL(`./testdata/${name}`, import.meta.url).pathname;
}

describe("without a cluster", () => {
  const catalogue = fileURLToPath(new URL("testdata/catalogue.yaml", import.meta.url));

  it("resolve shows wires, causes and remedies, and exits 1", async () => {
    const { code, out, hints } = await runFake("resolve", "-f", catalogue);
    expect(out.split("\n")).toEqual([
      "✗ acme-ivr would be unresolved",
      "    view-bill ^2.0.0: billing provides view-bill 1.2.0, which is not in ^2.0.0",
      "    fix: deploy a version of billing in ^2.0.0, or widen the range so that it takes 1.2.0",
      "✓ acme-web",
      "    view-bill 1.2.0 → billing",
    ]);
    expect([code, hints]).toEqual([1, "error: 1 of 2 channels unresolved"]);
  });

  it("analyze names each fault by its code", async () => {
    const { code, out } = await runFake("analyze", "-f", catalogue);
    expect(out.split("\n").map((line) => line.split(":")[0])).toEqual([
      "LMOS101 error Channel default/acme-ivr",
      "LMOS201 error Agent default/press",
      "LMOS202 warning Agent default/press",
      "LMOS203 warning Agent default/press",
      "LMOS204 warning Agent default/press",
    ]);
    expect(code).toBe(1);
  });
});

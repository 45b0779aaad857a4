/** `-f` of all commands that are given objects, by `lmos resolve`, which needs no cluster. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runUntil } from "./testing/run-with.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lmos-filename-"));
});
afterEach(() => rm(folder, { recursive: true }));

const agent = `{apiVersion: lmos.eclipse/v1, kind: Agent, metadata: {name: billing},
  spec: {supportedChannels: [web], providedCapabilities: [{name: bill, version: 1.0.0}]}}\n`;
const channel = `{apiVersion: lmos.eclipse/v1, kind: Channel,
  metadata: {name: acme-web, labels: {tenant: acme, channel: web}},
  spec: {requiredCapabilities: [{name: bill, version: ^1.0.0}]}}\n`;
const wired = "✓ acme-web\n    bill 1.0.0 → billing";

const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
const run = (input: string, ...parameters: readonly string[]) =>
  runUntil(
    {
      environment: { workingDirectory: folder },
      signal: new AbortController().signal,
      input: Readable.from([Buffer.from(input)]),
    },
    ...parameters,
  );

describe("objects come from", () => {
  it.each([
    { name: "standard input", parameters: ["-f", "-"] },
    { name: "standard input, in the long form", parameters: ["--filename=-"] },
    { name: "a file and standard input", parameters: ["-f", "agent.yaml", "-f", "-"] },
    { name: "a file that is named twice, once", parameters: ["-f", "-", "-f", "agent.yaml", "agent.yaml"] },
    { name: "several files of one option", parameters: ["-f", "agent.yaml", "more/channel.yml"] },
    { name: "several options", parameters: ["-f", "more", "-f", "agent.yaml"] },
  ])("$name", async ({ parameters }) => {
    await mkdir(join(folder, "more"));
    await write("agent.yaml", agent);
    await write("more/channel.yml", channel);
    const namesFiles = parameters.includes("agent.yaml");
    const input = parameters.join().includes("more") ? "" : namesFiles ? channel : `${agent}---\n${channel}`;
    expect(await run(input, "resolve", ...parameters)).toEqual({ code: 0, out: wired, hints: "" });
  });
});

describe("is refused with the name of what can't be read:", () => {
  it.each([
    {
      name: "no YAML in standard input",
      input: "{",
      parameters: ["-f", "-"],
      says: "standard input is not YAML: Flow map ",
    },
    {
      name: "a document of standard input that is no object",
      input: `${agent}---\nkind: Channel\n`,
      parameters: ["-f", "-"],
      says: "standard input, document 2 is not a Kubernetes object: apiVersion: ",
    },
    {
      name: "an empty standard input",
      input: "",
      parameters: ["-f", "-"],
      says: "standard input holds no object: name a file that holds some",
    },
    {
      name: "files with comments alone",
      input: "# nothing\n",
      parameters: ["-f", "empty.yaml", "-"],
      says: "empty.yaml, standard input holds no object",
    },
    {
      name: "a second file that is not there",
      input: "",
      parameters: ["-f", "agent.yaml", "-f", "missing.yaml"],
      says: "missing.yaml does not exist",
    },
    {
      name: "no file that holds a channel",
      input: agent,
      parameters: ["-f", "-"],
      says: "standard input holds no Channel",
    },
    { name: "an option without a path", input: "", parameters: ["-f"], says: "argument missing" },
    { name: "no option", input: "", parameters: [], says: "--filename <path...>' not specified" },
  ])("$name", async ({ input, parameters, says }) => {
    await write("agent.yaml", agent);
    await write("empty.yaml", "# nothing yet\n---\n");
    const { code, out, hints } = await run(input, "resolve", ...parameters);
    expect(hints).toContain(says);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });
});

it.each(["apply", "delete", "plan", "resolve", "analyze"])(
  "lmos %s says in its help what it reads",
  async (name) => {
    const { out } = await run("", name, "--help");
    expect(out.replaceAll(/\s+/g, " ")).toContain("or - for standard input");
  },
);

it("analyze looks at what is piped in", async () => {
  const { code, out } = await run(agent.replace("1.0.0", "latest"), "analyze", "-f", "-");
  expect(code).toBe(1);
  expect(out).toContain("LMOS201 error Agent default/billing");
});

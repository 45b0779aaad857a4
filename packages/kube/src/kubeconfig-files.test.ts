import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readKubeconfigFiles } from "./kubeconfig-files.ts";
import { loadConnection } from "./load-connection.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kubeconfig-files-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, content: object | string): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const cluster = (name: string, more: object) => ({
  name,
  cluster: { server: `https://${name}.test`, ...more },
});
const context = (name: string, namespace?: string) => ({
  name,
  context: { cluster: name, user: name, namespace },
});

describe("several kubeconfig files", () => {
  it("are one: what a context names may stand in another file", async () => {
    const paths = [
      await write("contexts", { contexts: [context("one")], "current-context": "one" }),
      await write("clusters", { clusters: [cluster("one", {})] }),
      await write("users", { users: [{ name: "one", user: { token: "secret" } }] }),
    ];
    const { server, credentials } = loadConnection({ kubeconfigPath: paths });
    expect(server).toBe("https://one.test");
    expect(await credentials?.({ renew: false })).toMatchObject({
      headers: { authorization: "Bearer secret" },
    });
  });

  it("have all of an entry of the file that has it first, nothing mixed", async () => {
    const user = (fields: object) => ({ users: [{ name: "one", user: fields }] });
    const rest = { clusters: [cluster("one", {})], contexts: [context("one")], "current-context": "one" };
    const first = await write("first", user({ username: "me", password: "word" }));
    const second = await write("second", { ...rest, ...user({ token: "of another" }) });
    const { credentials } = loadConnection({ kubeconfigPath: [first, second] });
    expect(await credentials?.({ renew: false })).toMatchObject({
      headers: { authorization: "Basic bWU6d29yZA==" },
    });
  });

  it.each([
    { name: "the first one that names one", texts: ["one", "two"], expected: "one" },
    { name: "that of a later file where the first names none", texts: [undefined, "two"], expected: "two" },
    { name: "that of a later file where the first one's is empty", texts: ["", "two"], expected: "two" },
    { name: "none", texts: [undefined, undefined], expected: undefined },
  ])("have a current context: $name", async ({ texts, expected }) => {
    const paths = await Promise.all(
      texts.map((text, index) => write(`current-${index}`, { "current-context": text })),
    );
    expect(readKubeconfigFiles(paths).currentContext).toBe(expected);
  });

  it("have paths each from its own folder on", async () => {
    await write("here/token", "of here");
    await write("there/ca.crt", "CA of there");
    const here = await write("here/config", {
      users: [{ name: "one", user: { tokenFile: "token" } }],
      contexts: [context("one")],
      "current-context": "one",
    });
    const there = await write("there/config", {
      clusters: [cluster("one", { "certificate-authority": "./ca.crt" })],
    });
    const { credentials } = loadConnection({ kubeconfigPath: [here, there] });
    expect(await credentials?.({ renew: false })).toMatchObject({
      headers: { authorization: "Bearer of here" },
      certificateAuthority: "CA of there",
    });
  });

  it.each([
    { command: "./plugin", expected: () => join(folder, "exec", "plugin") },
    { command: "../plugin", expected: () => join(folder, "plugin") },
    { command: "/bin/plugin", expected: () => "/bin/plugin" },
    { command: "plugin", expected: () => "plugin" },
  ])("look for the plugin $command as kubectl does", async ({ command, expected }) => {
    const path = await write("exec/config", { users: [{ name: "one", user: { exec: { command } } }] });
    const user = readKubeconfigFiles([path]).users.get("one");
    expect(user).toEqual({ exec: { command: expected() } });
  });

  it("are refused by the name of the one that can't be read", async () => {
    const good = await write("good", { contexts: [] });
    const bad = await write("bad", "{");
    expect(() => loadConnection({ kubeconfigPath: [good, bad] })).toThrow(
      expect.objectContaining({ code: "InvalidConfiguration", message: expect.stringContaining(`${bad}: `) }),
    );
  });

  it("name all of themselves, and all their contexts, where the wanted one is not there", async () => {
    const first = await write("some", { contexts: [context("one"), context("two")] });
    const second = await write("others", { contexts: [context("two"), context("three")] });
    expect(() => loadConnection({ kubeconfigPath: [first, second], context: "four" })).toThrow(
      `${first}:${second}: no complete context "four" (context, cluster and user); there are one, two, three`,
    );
  });

  it.each([
    { name: "lists that are none", content: { clusters: 5, users: { one: {} }, contexts: null } },
    { name: "entries that are none", content: { clusters: ["one", null, 7], users: [{}], contexts: [[]] } },
    { name: "entries without a name", content: { clusters: [{ cluster: {} }], users: [{ name: 5 }] } },
  ])("leave out $name", async ({ content }) => {
    const { clusters, users, contexts } = readKubeconfigFiles([await write("odd", content)]);
    expect([clusters.size, users.size, contexts.size]).toEqual([0, 0, 0]);
  });

  it("say of a name what the first file says that has it, however many there are", async () => {
    const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(names, { minLength: 1, maxLength: 4 }), async (files) => {
        const paths = await Promise.all(
          files.map((own, index) =>
            write(`drawn-${index}`, { contexts: own.map((name) => context(name, `of-${index}`)) }),
          ),
        );
        const { contexts } = readKubeconfigFiles(paths);
        expect(new Set(contexts.keys())).toEqual(new Set(files.flat()));
        for (const [name, entry] of contexts)
          expect(entry["namespace"]).toBe(`of-${files.findIndex((own) => own.some((one) => one === name))}`);
      }),
      { numRuns: 30 },
    );
  });
});

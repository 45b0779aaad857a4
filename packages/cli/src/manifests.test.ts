import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { parseManifests, readManifests } from "./manifests.ts";

const object = (name: string): string => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}}\n`;
const namesOf = (manifests: readonly { readonly metadata: { readonly name: string } }[]): readonly string[] =>
  manifests.map(({ metadata }) => metadata.name);

describe("objects of a text", () => {
  it.each([
    { name: "one", text: object("a"), names: ["a"] },
    { name: "several documents", text: `${object("a")}---\n${object("b")}`, names: ["a", "b"] },
    {
      name: "empty documents and comments between",
      text: `---\n---\n# note\n---\n${object("a")}---\n`,
      names: ["a"],
    },
    { name: "JSON", text: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}', names: ["a"] },
    {
      name: "a List",
      text: `apiVersion: v1\nkind: List\nitems:\n- ${object("a")}- ${object("b")}`,
      names: ["a", "b"],
    },
    {
      name: "a sequence, as `lmos get -o yaml` prints it",
      text: `- ${object("a")}- ${object("b")}`,
      names: ["a", "b"],
    },
    { name: "an empty sequence", text: "[]\n", names: [] },
    {
      name: "a byte order mark and Windows' ends of lines",
      text: `\uFEFFapiVersion: v1\r\nkind: ConfigMap\r\nmetadata:\r\n  name: a\r\n`,
      names: ["a"],
    },
    { name: "a name that YAML takes for a text only in quotes", text: object('"1"'), names: ["1"] },
    {
      name: "anchors",
      text: "apiVersion: v1\nkind: &k ConfigMap\nmetadata: {name: *k}\n",
      names: ["ConfigMap"],
    },
  ])("$name", ({ text, names }) => {
    expect(namesOf(parseManifests(text, "x.yaml"))).toEqual(names);
  });

  it.each([
    { name: "an open bracket", text: "a: [1,\n", says: /^x\.yaml is not YAML: .* at line 2, column 1$/ },
    { name: "a tab", text: "a:\n\tb: 1\n", says: /^x\.yaml is not YAML: Tabs .* at line 2, column 1$/ },
    {
      name: "a key twice",
      text: "a: 1\na: 2\n",
      says: /^x\.yaml is not YAML: Map keys must be unique at line 2/,
    },
    { name: "a text", text: "hello\n", says: /document 1 is not a Kubernetes object: .*found "hello"/ },
    {
      name: "a number as a name",
      text: object("1"),
      says: /metadata\.name: expected string, received number/,
    },
    { name: "no kind", text: "apiVersion: v1\nmetadata: {name: a}\n", says: /document 1 .*kind: / },
    { name: "a fault behind what is right", text: `${object("a")}---\nkind: x\n`, says: /document 2 is not/ },
    {
      name: "a fault within a sequence",
      text: `- ${object("a")}- 5\n`,
      says: /document 1 is not a Kubernetes/,
    },
    { name: "an alias that leads nowhere", text: "a: *b\n", says: /x\.yaml/ },
  ])("is refused where it holds $name", ({ text, says }) => {
    expect(() => parseManifests(text, "x.yaml")).toThrow(says);
  });

  it("are what they were before they were written, however they are strung together", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
    const data = fc.dictionary(
      fc.string({ minLength: 1, unit: "grapheme" }),
      fc.string({ unit: "grapheme" }),
      { maxKeys: 5 },
    );
    const manifest = fc.record({
      apiVersion: fc.constantFrom("v1", "lmos.eclipse/v1"),
      kind: fc.constantFrom("ConfigMap", "Channel"),
      metadata: fc.record({ name }),
      data,
    });
    fc.assert(
      fc.property(fc.array(manifest, { minLength: 1, maxLength: 4 }), fc.boolean(), (objects, asList) => {
        const plain: unknown = JSON.parse(JSON.stringify(objects));
        const text = asList ? stringify(plain) : objects.map((one) => stringify(one)).join("---\n");
        expect(parseManifests(text, "x.yaml")).toEqual(plain);
      }),
    );
  });
});

describe("objects of a folder", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lmos-manifests-"));
    const files = [
      "b.yaml",
      "a.yml",
      "sub/c.yaml",
      "sub/deep/d.yaml",
      ".hidden/e.yaml",
      "node_modules/f.yaml",
      "d.json",
      "z.txt",
    ];
    for (const file of files) {
      await mkdir(join(folder, dirname(file)), { recursive: true });
      await writeFile(join(folder, file), object(file.replace(/^.*\//, "").slice(0, 1)));
    }
    await symlink(folder, join(folder, "loop"));
    await mkdir(join(folder, "x.yaml"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    { name: "right in it", reading: {}, names: ["a", "b"] },
    { name: "below it", reading: { recursive: true }, names: ["a", "b", "c", "d"] },
  ])("$name", async ({ reading, names }) => {
    expect(namesOf(await readManifests(folder, reading))).toEqual(names);
  });

  it("is any file that is named, whatever it is called", async () => {
    expect(namesOf(await readManifests(join(folder, "d.json")))).toEqual(["d"]);
  });

  it.each([
    { name: "a folder without any", path: "x.yaml", says: /holds no \*\.yaml file/ },
    { name: "a path that is not there", path: "nowhere", says: /nowhere does not exist/ },
  ])("are not in $name", async ({ path, says }) => {
    await expect(readManifests(join(folder, path))).rejects.toThrow(says);
  });
});

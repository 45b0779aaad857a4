import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "make-folder-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("makes a folder and those that it lies in, also when several do at once", async () => {
  const path = join(folder, "a/b/c");
  await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(folder, "a/d"))]);
  expect(await readdir(join(folder, "a"))).toEqual(["b", "d"]);
});

test("leaves alone what is there", async () => {
  await writeFile(join(folder, "kept"), "text");
  await makeFolder(folder);
  await makeFolder(join(folder, "kept"));
  expect(await readdir(folder)).toEqual(["kept"]);
});

test.each([
  { name: "in a file", path: () => join(folder, "file/inside"), code: "ENOTDIR" },
  // Elsewhere than on Linux there is no /proc, and nobody but root may make it.
  { name: "where there can be none", path: () => "/proc/lmos-test/state", code: /ENOENT|EACCES|EROFS/ },
])("throws the error of the system: $name", async ({ path, code }) => {
  await writeFile(join(folder, "file"), "text");
  await expect(makeFolder(path())).rejects.toMatchObject({ code: expect.stringMatching(code) });
});

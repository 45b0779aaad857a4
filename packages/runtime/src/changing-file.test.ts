import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { ChangingFile } from "./changing-file.ts";

const aTime = new Date(1_000_000);

function createFile(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "lmos-changing-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "file");
  /** Written within one tick unless told otherwise: nothing but the text tells it from what was there. */
  const write = (now: string, at = aTime): void => {
    writeFileSync(path, now);
    utimesSync(path, at, at);
  };
  write(text);
  return { folder, path, write, file: new ChangingFile(path) };
}

describe("a file that changes", () => {
  test("gives its text once", async () => {
    const { file } = createFile("one");
    const looks = [await file.look(), await file.look(), await file.look()];
    expect(looks).toEqual(["one", undefined, undefined]);
  });

  test("gives a text of the same length that was written in the same tick", async () => {
    const { file, write } = createFile("one");
    expect(await file.look()).toBe("one");
    write("two");
    expect(await file.look()).toBe("two");
  });

  test("gives no text again that is written again", async () => {
    const { file, path } = createFile("one");
    await file.look();
    writeFileSync(path, "one");
    expect(await file.look()).toBeUndefined();
  });

  test("gives a text that it had before another one", async () => {
    const { file, write } = createFile("one");
    const looks: (string | undefined)[] = [];
    for (const text of ["one", "three", "one"]) {
      write(text);
      looks.push(await file.look());
    }
    expect(looks).toEqual(["one", "three", "one"]);
  });

  test("gives what another file holds that is moved into its place with time and size of before", async () => {
    const { file, folder, path } = createFile("one");
    for (let look = 0; look < 3; look++) await file.look();
    writeFileSync(join(folder, "aside"), "two");
    utimesSync(join(folder, "aside"), aTime, aTime);
    renameSync(join(folder, "aside"), path);
    expect(await file.look()).toBe("two");
  });

  test("gives what a link leads to, as in a mounted ConfigMap", async () => {
    const { folder, path } = createFile("one");
    const link = join(folder, "link");
    symlinkSync(path, link);
    const file = new ChangingFile(link);
    expect(await file.look()).toBe("one");
    writeFileSync(join(folder, "other"), "two");
    symlinkSync(join(folder, "other"), join(folder, "next"));
    renameSync(join(folder, "next"), link);
    expect(await file.look()).toBe("two");
  });
});

describe("a look that fails counts as none", () => {
  test.each([
    {
      name: "as there is no file",
      spoil: (path: string) => rmSync(path),
      code: "ENOENT",
    },
    {
      name: "as it is a folder",
      spoil: (path: string) => {
        rmSync(path);
        mkdirSync(path);
      },
      code: "EISDIR",
    },
  ])("$name", async ({ spoil, code }) => {
    const { file, folder, path } = createFile("one");
    await file.look();
    linkSync(path, join(folder, "kept"));
    spoil(path);
    for (let look = 0; look < 3; look++) await expect(file.look()).rejects.toMatchObject({ code });
    if (code === "EISDIR") rmdirSync(path);
    renameSync(join(folder, "kept"), path);
    expect(await file.look()).toBeUndefined();
    writeFileSync(path, "two");
    expect(await file.look()).toBe("two");
  });

  test("also the very first one", async () => {
    const { file, path, write } = createFile("one");
    rmSync(path);
    await expect(file.look()).rejects.toThrow("no such file");
    write("one");
    expect(await file.look()).toBe("one");
  });
});

test("whatever is written when, in the tick of the last look or later: with the next two looks the text is known", async () => {
  const step = fc.record({
    text: fc.constantFrom("one", "two", "six"),
    later: fc.boolean(),
    looks: fc.nat(2),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const { file, write } = createFile("one");
      let known: string | undefined;
      let tick = aTime.valueOf();
      const look = async (): Promise<void> => {
        tick += 1000; // two looks are never in one tick
        known = (await file.look()) ?? known;
      };
      for (const { text, later, looks } of steps) {
        if (later) tick += 10;
        write(text, new Date(tick));
        for (let each = 0; each < looks; each++) await look();
      }
      await look();
      await look();
      return known === steps.at(-1)?.text;
    }),
    { numRuns: 60 },
  );
});

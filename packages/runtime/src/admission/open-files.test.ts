import { readdirSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type DescriptorFolder, OpenFiles, ownDescriptors } from "./open-files.ts";

/** A folder that says what it is told to, and how often it was counted. */
function folderOf(size: number | Error, counts: readonly (number | Error)[] = []) {
  const state = { size, counts: [...counts], counted: 0 };
  const folder: DescriptorFolder = {
    size: () => {
      if (state.size instanceof Error) throw state.size;
      return state.size;
    },
    count: async () => {
      const next = state.counts[state.counted++] ?? 0;
      if (next instanceof Error) throw next;
      return next;
    },
  };
  return { folder, state };
}

describe("files and connections that are open", () => {
  it("are what the folder says, which is never counted then", () => {
    const { folder, state } = folderOf(22);
    const files = new OpenFiles(folder);
    expect(files.look()).toBe(22);
    state.size = 5022;
    expect(files.look()).toBe(5022);
    expect(state.counted).toBe(0);
  });

  it("are counted aside where the folder says nothing: a look tells what the one before has found", async () => {
    const files = new OpenFiles(folderOf(0, [7, 9]).folder);
    expect(files.look()).toBe(0);
    await nextTurn();
    expect(files.look()).toBe(7);
    await nextTurn();
    expect(files.look()).toBe(9);
  });

  it("are counted once at a time, however often is looked", async () => {
    const { folder, state } = folderOf(0, [7]);
    const files = new OpenFiles(folder);
    for (let i = 0; i < 5; i++) files.look();
    await nextTurn();
    expect(state.counted).toBe(1);
  });

  it.each([
    { name: "says nothing", size: 0 },
    { name: "cannot be looked at", size: new Error("EMFILE") },
  ])(
    "are too many where the folder $name and cannot be read: none is left to look with",
    async ({ size }) => {
      const files = new OpenFiles(folderOf(size, [new Error("EMFILE"), 12]).folder);
      files.look();
      await nextTurn();
      expect(files.look()).toBe(Number.POSITIVE_INFINITY);
      await nextTurn();
      expect(files.look()).toBe(12); // and well again
    },
  );

  it.runIf(process.platform === "linux")("are those of this process", async () => {
    const listed = readdirSync("/proc/self/fd").length;
    const about = (count: number): boolean => Math.abs(count - listed) <= listed / 2;
    expect(await ownDescriptors.count()).toSatisfy(about);
    const size = ownDescriptors.size();
    expect(size === 0 || about(size)).toBe(true); // 0 before Linux 6.2
  });
});

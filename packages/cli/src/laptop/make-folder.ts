import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder and those that it lies in, one after the other: where a file system takes no folders, such as /proc, Node's
 * own recursive `mkdir` tries for ever. What is there already is left alone, whatever it is. Throws the error of the system.
 */
export async function makeFolder(path: string): Promise<void> {
  if (await isThere(path)) return;
  await makeFolder(dirname(path)); // ends at the root, which is there
  try {
    await mkdir(path);
  } catch (error) {
    if (!(await isThere(path))) throw error; // another process may have been faster
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

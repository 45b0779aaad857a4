/** Writes the roles under deploy/kubernetes from the tables of what the code does: `npm run generate`. */
import { mkdir, writeFile } from "node:fs/promises";
import { rbacFiles } from "./rbac-yaml.ts";

const directory = new URL("../../deploy/kubernetes/", import.meta.url);
for (const [path, text] of Object.entries(rbacFiles())) {
  const file = new URL(path, directory);
  await mkdir(new URL(".", file), { recursive: true });
  await writeFile(file, text);
  process.stdout.write(`deploy/kubernetes/${path}\n`);
}

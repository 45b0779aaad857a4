/**
 * `npm run test:properties [-- ROUNDS [PATH...]]`: the files that hold property tests, with new seeds in each round (three
 * unless told) and ten times the usual cases where a test names no number of its own. Tells the seeds, so that what fails
 * can be drawn again: `PROPERTY_SEED=… npx vitest run FILE`.
 */
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { globSync, readFileSync } from "node:fs";

const [rounds = "3", ...paths] = process.argv.slice(2);
const files = globSync(["packages/*/src/**/*.test.ts", "tests/**/*.test.ts", "tools/**/*.test.ts"])
  .filter((file) => paths.length === 0 || paths.some((path) => file.startsWith(path)))
  .filter((file) => readFileSync(file, "utf8").includes('from "fast-check"'));

const seeds = Array.from({ length: Number(rounds) }, () => randomInt(2 ** 31));
const failed = seeds.filter((seed, index) => {
  process.stdout.write(`\n== round ${index + 1} of ${seeds.length}: ${files.length} files, seed ${seed}\n`);
  const env = { ...process.env, PROPERTY_SEED: String(seed) };
  const options = ["run", "--testTimeout=300000", ...files];
  return spawnSync("vitest", options, { stdio: "inherit", env }).status !== 0;
});
process.stdout.write(`\n${seeds.length - failed.length} rounds passed, ${failed.length} failed`);
process.stdout.write(failed.length === 0 ? "\n" : `: seeds ${failed.join(", ")}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** `npm run check`: format, order of imports, lint, types, unused code, floors and tests, each step named; stops at none, fails if any did. */
import { spawnSync } from "node:child_process";

const steps = [
  { name: "format, imports and lint", command: ["biome", "check", "--error-on-warnings", "."] },
  { name: "types", command: ["tsc", "-b"] },
  { name: "types of tests", command: ["tsc", "-p", "tsconfig.tests.json"] },
  { name: "unused code", command: ["knip"] },
  { name: "floors", command: ["vitest", "run", "tests/architecture"] },
  ...(process.argv.includes("--no-tests") ? [] : [{ name: "tests", command: ["vitest", "run"] }]),
] as const;

const failed = steps.filter(({ name, command }) => {
  process.stdout.write(`\n== ${name}: ${command.join(" ")}\n`);
  const [program, ...parameters] = command;
  return spawnSync(program, parameters, { stdio: "inherit" }).status !== 0;
});
process.stdout.write(`\n${steps.length - failed.length} steps passed, ${failed.length} failed`);
process.stdout.write(failed.length === 0 ? "\n" : `: ${failed.map(({ name }) => name).join(", ")}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

#!/usr/bin/env node
// Starts the command line. Plain JavaScript that any Node can read, so that one that is too old can be told so.
import { existsSync } from "node:fs";
import module from "node:module";

const neededMajor = 24;
const source = new URL("../src/main.ts", import.meta.url);

if (Number(process.versions.node.split(".")[0]) < neededMajor) {
  process.stderr.write(
    `lmos needs Node ${neededMajor} or newer, this is ${process.versions.node}: run it as \`npx lmos\` after \`npm ci\`, or install Node ${neededMajor}.\n`,
  );
  process.exitCode = 1;
} else if (existsSync(source)) {
  module.enableCompileCache();
  // A checkout: packages are read from their sources, without a build.
  module.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, "@lmos/source"] }),
  });
  await import(source.href);
} else {
  module.enableCompileCache();
  await import(new URL("../dist/main.js", import.meta.url).href);
}

/** `npm run house`: how the code reads, beside the codebases that we admire. A mirror, not a gate. */
import { readPackages } from "../source/packages.ts";
import { measureFile } from "./measure.ts";
import { renderMirror } from "./mirror.ts";

const files = readPackages().flatMap(({ files }) => files);
const sources = files.filter(({ isTest }) => !isTest);
const testLines = files
  .filter(({ isTest }) => isTest)
  .reduce((sum, { text }) => sum + text.split("\n").length, 0);
process.stdout.write(renderMirror(sources.map(measureFile), testLines));

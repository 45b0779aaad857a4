/** The option `-f` of commands that are given objects: files, folders, or what is piped in. */
import { resolve } from "node:path";
import { Option } from "commander";
import type { CommandContext } from "./context.ts";
import { CliError } from "./errors.ts";
import {
  largestManifest,
  type Manifest,
  type ManifestReading,
  parseManifests,
  readManifests,
} from "./manifests.ts";
import { readStandardInput } from "./standard-input.ts";

/** The paths, as commander gives them. */
export type Filenames = readonly string[];

const standardInput = "-";

/** The option; `holding` says what the files are to hold. */
export function filenameOption(holding: string): Option {
  return new Option(
    "-f, --filename <path...>",
    `YAML file with ${holding}, or a folder of *.yaml, or - for standard input; several are read as one`,
  );
}

/** The option for the folders in a folder. */
export function recursiveOption(): Option {
  return new Option("-R, --recursive", "read the folders in a folder as well");
}

/** The objects of all of them, in that order; throws CliError `Usage` where there is none or something can't be read. */
export async function readFilenames(
  filenames: Filenames,
  context: Pick<CommandContext, "environment" | "input" | "signal" | "terminal">,
  reading: ManifestReading = {},
): Promise<readonly Manifest[]> {
  const manifests: Manifest[] = [];
  for (const filename of new Set(filenames))
    manifests.push(...(await readFilename(filename, context, reading)));
  if (manifests.length === 0)
    throw new CliError("Usage", `${filenamesText(filenames)} holds no object: name a file that holds some`);
  return manifests;
}

/** The paths as errors name them. */
export function filenamesText(filenames: Filenames): string {
  return filenames.map((filename) => (filename === standardInput ? "standard input" : filename)).join(", ");
}

async function readFilename(
  filename: string,
  { environment, input, signal, terminal }: Parameters<typeof readFilenames>[1],
  reading: ManifestReading,
): Promise<readonly Manifest[]> {
  if (filename !== standardInput)
    return readManifests(resolve(environment.workingDirectory, filename), reading);
  if (terminal.interactive) terminal.hint("reading objects from standard input, Ctrl-D ends it");
  const text = await readStandardInput(input, { mostBytes: largestManifest, signal });
  return parseManifests(text, "standard input");
}

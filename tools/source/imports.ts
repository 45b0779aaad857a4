/** The imports of one source file, as its syntax tree has them. */
import { posix } from "node:path";
import { parseSync } from "oxc-parser";
import type { SourceFile } from "./packages.ts";

/** One import, re-export or dynamic import. */
export interface Import {
  /** As written: `./clock.ts`, `@lmos/kube`, `node:fs`. */
  readonly specifier: string;
}

/** All imports of a file. */
export function importsOf(file: SourceFile): readonly Import[] {
  const { module } = parseSync(file.path, file.text);
  const imported = module.staticImports.map(({ moduleRequest }) => ({ specifier: moduleRequest.value }));
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest }) =>
      moduleRequest === null ? [] : [{ specifier: moduleRequest.value }],
    ),
  );
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest }) => literal(file.text, moduleRequest));
  return [...imported, ...exported, ...dynamic];
}

/** A dynamic import names a module only where its argument is a plain string. */
function literal(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): readonly Import[] {
  const match = /^["'`]([^"'`]+)["'`]$/.exec(text.slice(start, end));
  return match?.[1] === undefined ? [] : [{ specifier: match[1] }];
}

/** The path that a relative specifier names, from the repository's folder. */
export function resolveRelative(file: SourceFile, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(file.path), specifier));
}

/** The imports of one source file, as its syntax tree has them. */
import { posix } from "node:path";
import { parseSync } from "oxc-parser";
import type { SourceFile } from "./packages.ts";

/** One import, re-export or dynamic import. */
export interface Import {
  /** As written: `./clock.ts`, `@lmos/kube`, `node:fs`. */
  readonly specifier: string;
  /** True where only types come in, so that nothing is loaded. */
  readonly isTypeOnly: boolean;
}

/** All imports of a file. */
export function importsOf(file: SourceFile): readonly Import[] {
  const { module } = parseSync(file.path, file.text);
  const imported = module.staticImports.map(({ moduleRequest, entries }) => ({
    specifier: moduleRequest.value,
    isTypeOnly: entries.length > 0 && entries.every((entry) => entry.isType),
  }));
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest === null ? [] : [{ specifier: moduleRequest.value, isTypeOnly: isType }],
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
  return match?.[1] === undefined ? [] : [{ specifier: match[1], isTypeOnly: false }];
}

/** The path that a relative specifier names, from the repository's folder. */
export function resolveRelative(file: SourceFile, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(file.path), specifier));
}

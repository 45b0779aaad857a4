import { relative } from "node:path";

/** A path as it is shortest to type from a folder: relative where it lies below it. */
export function formatPath(path: string, from: string): string {
  const short = relative(from, path);
  return short === "" ? "." : short.startsWith("..") ? path : short;
}

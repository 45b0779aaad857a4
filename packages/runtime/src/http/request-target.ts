/** What a request asks for, read as Spring reads it. */

/** Characters that stand for themselves nowhere in an address, and a `%` that begins no byte. */
const illegal = /["<>\\^`{|}]|%(?![\da-f]{2})/i;

/** Whether it is an address by the letter of its syntax; browsers send some that are not. */
export function isUri(target: string): boolean {
  return !illegal.test(target) && !/[[\]]/.test(pathOf(target));
}

/** Parameters of the parts of a path (`/a;b=c/d`) are none of its parts' names. */
export function withoutMatrix(target: string): string {
  if (!target.includes(";")) return target;
  const path = pathOf(target);
  return path.replaceAll(/;[^/]*/g, "") + target.slice(path.length);
}

function pathOf(target: string): string {
  return target.split("?", 1)[0] ?? "";
}

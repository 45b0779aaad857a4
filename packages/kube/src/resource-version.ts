const decimal = /^(0|[1-9]\d*)$/;

/**
 * Whether `left` is older than `right`. resourceVersions of one server are decimal numbers that grow (Kubernetes 1.35
 * promises it, every server before did it); anything else can't be compared and is not older.
 */
export function isOlderVersion(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined || !decimal.test(left) || !decimal.test(right)) return false;
  return left.length === right.length ? left < right : left.length < right.length;
}

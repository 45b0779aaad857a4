import { describe, expect, test } from "vitest";
import { isUri, withoutMatrix } from "./request-target.ts";

describe("an address", () => {
  test.each(["/", "/a/b?c=d", "/%C3%A4?x=%20", "/a;b=c", "/a?b[]=c", "*", "/a'b(c)!$&+,=:@~_-."])(
    "is %s",
    (target) => {
      expect(isUri(target)).toBe(true);
    },
  );

  test.each([
    ...["/a|b", '/a"b', "/a\\b", "/{a}", "/[a]", "/<a>", "/a^b", "/a`b"],
    ...["/%", "/%zz", "/%2", "/a?b={c}", "/a?b=%", '/a?b="c"', "/a?b=|"],
  ])("is none: %s", (target) => {
    expect(isUri(target)).toBe(false);
  });
});

test.each([
  { target: "/a/b?c;d", read: "/a/b?c;d" },
  { target: "/a;x=1/b", read: "/a/b" },
  { target: "/a/b;x=1;y?c=d;e", read: "/a/b?c=d;e" },
  { target: "/a;/b;", read: "/a/b" },
  { target: "/a%3Bx/b", read: "/a%3Bx/b" },
])("$target is read as $read", ({ target, read }) => {
  expect(withoutMatrix(target)).toBe(read);
});

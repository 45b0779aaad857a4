import { describe, expect, test } from "vitest";
import { isRuntimeError } from "../errors.ts";
import { parseRedisUrl } from "./redis-url.ts";

describe("an address of Redis", () => {
  test.each([
    "redis://localhost",
    "redis://localhost:6379",
    "redis://user:secret@redis.example:6380/2",
    "rediss://redis.example",
    "redis://[::1]:6379",
  ])("%s is one server", (url) => {
    expect(parseRedisUrl(url)).toEqual({ kind: "server", url });
  });

  test.each([
    {
      url: "redis+sentinel://one/main",
      nodes: [{ host: "one", port: 26_379 }],
      user: [undefined, undefined],
    },
    {
      url: "redis+sentinel://one:1,two:2,three/main",
      nodes: [
        { host: "one", port: 1 },
        { host: "two", port: 2 },
        { host: "three", port: 26_379 },
      ],
      user: [undefined, undefined],
    },
    {
      url: "redis+sentinel://:p%40ss@one/main",
      nodes: [{ host: "one", port: 26_379 }],
      user: [undefined, "p@ss"],
    },
    {
      url: "redis+sentinel://joe:pass@one/main",
      nodes: [{ host: "one", port: 26_379 }],
      user: ["joe", "pass"],
    },
    {
      url: "redis+sentinel://joe:a:b@c@[::1]:5,two/main",
      nodes: [
        { host: "::1", port: 5 },
        { host: "two", port: 26_379 },
      ],
      user: ["joe", "a:b@c"],
    },
  ])("$url is Sentinels", ({ url, nodes, user: [username, password] }) => {
    expect(parseRedisUrl(url)).toEqual({ kind: "sentinel", name: "main", nodes, username, password });
  });

  test.each([
    "",
    "redis",
    "redis://",
    "http://localhost:6379",
    "redis+sentinel://one",
    "redis+sentinel:///main",
    "redis+sentinel://one,/main",
    "redis+sentinel://one:x/main",
    "redis+sentinel://%zz@one/main",
    "redis+sentinel://:secret-password@/main",
  ])("%j is none, and the error does not repeat it", (url) => {
    const parse = (): unknown => parseRedisUrl(url);
    expect(parse).toThrow("write redis://host:6379");
    try {
      parse();
    } catch (error) {
      expect(isRuntimeError(error, "InvalidState")).toBe(true);
      expect(String(error)).not.toContain("secret-password");
    }
  });
});

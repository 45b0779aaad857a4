import { describe, expect, test } from "vitest";
import { parseGoJson } from "./go-json.ts";

describe("a text that is no JSON is refused in Go's words", () => {
  test.each([
    ["nothing", "", "unexpected end of JSON input"],
    ["an object without an end", '{"a":1', "unexpected end of JSON input"],
    ["a text without an end", '"a', "unexpected end of JSON input"],
    ["two values", "{} {}", "invalid character '{' after top-level value"],
    ["a word", "yes", "invalid character 'y' looking for beginning of value"],
    ["a name without quotes", "{a:1}", "invalid character 'a' looking for beginning of object key string"],
    ["a comma at the end", '{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ["no colon", '{"a" 1}', "invalid character '1' after object key"],
    ["no comma in an object", '{"a":1 "b":2}', "invalid character '\"' after object key:value pair"],
    ["no comma in an array", "[1 2]", "invalid character '2' after array element"],
  ])("%s", (_, text, message) => expect(() => parseGoJson(text)).toThrow(message));

  test("and JSON is read", () => expect(parseGoJson('{"a":[1,"b",null]}')).toEqual({ a: [1, "b", null] }));
});

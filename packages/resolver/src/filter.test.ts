import { describe, expect, it } from "vitest";
import { isFilter, parseFilter } from "./filter.ts";

describe("accepts", () => {
  it.each([
    { name: "an attribute of that value", filter: 'attributes.region == "eu"', expected: true },
    { name: "another value", filter: 'attributes.region == "us"', expected: false },
    { name: "a number", filter: "int(attributes.level) >= 3", expected: true },
    { name: "text that is no number", filter: "int(attributes.region) >= 3", expected: false },
    { name: "a missing attribute", filter: 'attributes.nope == "eu"', expected: false },
    { name: "the absence of an attribute", filter: "!has(attributes.nope)", expected: true },
    { name: "one of several", filter: '["eu", "us"].exists(one, one == attributes.region)', expected: true },
    { name: "something that is not true or false", filter: "attributes.region", expected: false },
    { name: "an unknown variable", filter: "other.region == 1", expected: false },
    { name: "an unknown function", filter: "now() == attributes.region", expected: false },
  ])("$name: $expected", ({ filter, expected }) => {
    expect(parseFilter(filter)?.accepts({ region: "eu", level: "10" })).toBe(expected);
  });

  it("is false for more attributes than may be", () => {
    const attributes = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`a${at}`, ""]));
    expect(parseFilter("true")?.accepts(attributes)).toBe(false);
  });
});

describe("isFilter", () => {
  it.each([
    { name: "nothing", filter: "", expected: false },
    { name: "half an expression", filter: "attributes.region ==", expected: false },
    { name: "one macro", filter: 'attributes.all(key, attributes[key] != "")', expected: true },
    { name: "macros in each other", filter: nested(2), expected: false },
    {
      name: "a macro over something of unknown length",
      filter: "attributes.a.all(x, true)",
      expected: false,
    },
    {
      name: "a text that is too long",
      filter: `attributes.region == "${"x".repeat(1024)}"`,
      expected: false,
    },
    {
      name: "brackets that go too deep",
      filter: `${"(".repeat(500)}true${")".repeat(500)}`,
      expected: false,
    },
  ])("$name: $expected", ({ filter, expected }) => {
    expect(isFilter(filter)).toBe(expected);
  });

  function nested(depth: number): string {
    return depth === 0 ? "true" : `attributes.all(k${depth}, ${nested(depth - 1)} && true)`;
  }
});

it("knows which attributes a filter names", () => {
  const filter =
    'attributes.region == "eu" && has(attributes.beta) || attributes["level"] == "1" || name.other == ""';
  expect([...(parseFilter(filter)?.mentioned ?? [])].sort()).toEqual(["beta", "level", "region"]);
});

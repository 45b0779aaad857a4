import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasOtherCharset, hasUnknownCharset, isReadAsUtf8 } from "./charset.ts";

describe("a body is read as UTF-8", () => {
  it.each([
    undefined,
    "",
    "application/json",
    "application/json;",
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    "application/json; Charset=Utf-8",
    'application/json; charset="utf-8"',
    "application/json; charset='utf-8'",
    "application/json; charset=utf8",
    "application/json ; charset = utf-8 ",
    "application/json; charset=us-ascii",
    "application/json; charset=ASCII",
    "application/json; profile=x; charset=utf-8; q=1",
    'application/json; profile="; charset=latin1"',
    'application/json; profile="a\\"; charset=latin1"',
    "application/json; charset=utf-8; charset=UTF8",
    "application/json; mycharset=latin1",
    "multipart/form-data; boundary=charset",
  ])("where it says %j", (contentType) => {
    expect(isReadAsUtf8(contentType)).toBe(true);
  });
});

describe("a body is not read as UTF-8", () => {
  it.each([
    "application/json; charset=iso-8859-1",
    "application/json;charset=ISO-8859-1",
    'application/json; charset="iso-8859-1"',
    "application/json; CHARSET=windows-1252",
    "application/json; charset=utf-16",
    "application/json; charset=utf-16le",
    "application/json; charset=utf-7",
    "application/json; charset=utf-32",
    "application/json; charset=",
    'application/json; charset=""',
    "application/json; charset=utf-8; charset=latin1",
    "application/json; charset=latin1; charset=utf-8",
    'application/json; profile="x"; charset=latin1',
    "application/json; charset=utf-88",
    "application/json; charset=\"utf-8'",
  ])("where it says %j", (contentType) => {
    expect(isReadAsUtf8(contentType)).toBe(false);
  });
});

it("answers for whatever a header may hold", () => {
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => typeof isReadAsUtf8(text) === "boolean"));
});

it.each([
  { name: "separators", text: "; ".repeat(8000), is: true },
  { name: "quotes that end nowhere", text: '; a="'.repeat(3000), is: true },
  { name: "names without values", text: "; charset".repeat(1500), is: true },
  { name: "spaces", text: `;${" ".repeat(16_000)}`, is: true },
  { name: "charsets", text: "; charset=utf-8".repeat(1000), is: true },
  {
    name: "charsets, the last of which is another",
    text: `${"; charset=utf-8".repeat(1000)}; charset=x`,
    is: false,
  },
])("is not held up by the longest header, of $name", ({ text, is }) => {
  expect(isReadAsUtf8(`application/json${text}`)).toBe(is);
});

describe("a request", () => {
  const latin = { "content-type": "application/json; charset=iso-8859-1" };
  it.each([
    { method: "POST", headers: latin, has: true },
    { method: "PUT", headers: latin, has: true },
    { method: "PATCH", headers: latin, has: true },
    { method: "DELETE", headers: latin, has: true },
    { method: "GET", headers: latin, has: false },
    { method: "HEAD", headers: latin, has: false },
    { method: "OPTIONS", headers: latin, has: false },
    { method: "POST", headers: { "content-type": "application/json" }, has: false },
    { method: "POST", headers: {}, has: false },
  ])("of $method with $headers brings a body in another charset: $has", ({ method, headers, has }) => {
    expect(hasOtherCharset({ method, headers })).toBe(has);
  });
});

describe("nobody knows the charset of a body", () => {
  const requestOf = (contentType: string, method = "POST") => ({
    method,
    headers: { "content-type": contentType },
  });
  it.each([
    { charset: "utf-8", is: false },
    { charset: "ISO-8859-1", is: false },
    { charset: "iso8859-15", is: false },
    { charset: "latin1", is: false },
    { charset: "windows-1252", is: false },
    { charset: "cp1252", is: false },
    { charset: "utf-16", is: false },
    { charset: "utf-16le", is: false },
    { charset: "utf-32", is: false },
    { charset: "koi8-r", is: false },
    { charset: "", is: true },
    { charset: "nonsense", is: true },
    { charset: "latin1; charset=nonsense", is: true },
  ])("that is in “$charset”: $is", ({ charset, is }) => {
    expect(hasUnknownCharset(requestOf(`application/json; charset=${charset}`))).toBe(is);
  });

  it("means nothing where there is no body", () => {
    expect(hasUnknownCharset(requestOf("application/json; charset=nonsense", "GET"))).toBe(false);
  });
});

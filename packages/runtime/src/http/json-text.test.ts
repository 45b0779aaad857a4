import { describe, expect, test } from "vitest";
import { jsonText } from "./json-text.ts";

const document = '{"a":"ä€😀"}';
const mark = "\ufeff";
const utf16le = (text: string): Buffer => Buffer.from(text, "utf16le");
const utf16be = (text: string): Buffer => utf16le(text).swap16();
const utf32be = (text: string): Buffer =>
  Buffer.concat([...text].map((each) => Buffer.from([0, ...threeBytes(each.codePointAt(0) ?? 0)])));
const utf32le = (text: string): Buffer => utf32be(text).swap32();

function threeBytes(codePoint: number): readonly number[] {
  return [codePoint >> 16, (codePoint >> 8) & 255, codePoint & 255];
}

describe("a body is read", () => {
  test.each([
    { name: "in UTF-8", body: Buffer.from(document) },
    { name: "in UTF-16, little end first", body: utf16le(document) },
    { name: "in UTF-16, big end first", body: utf16be(document) },
    { name: "in UTF-16 with a mark", body: utf16le(mark + document) },
    { name: "in UTF-16 with a mark, big end first", body: utf16be(mark + document) },
    { name: "in UTF-32, little end first", body: utf32le(document) },
    { name: "in UTF-32, big end first", body: utf32be(document) },
    { name: "in UTF-32 with a mark", body: utf32le(mark + document) },
    { name: "in UTF-32 with a mark, big end first", body: utf32be(mark + document) },
  ])("$name", ({ body }) => {
    expect(jsonText(body)).toBe(document);
  });

  test.each(["", "1", "{}", "12"])("that is short: %j", (text) => {
    expect(jsonText(Buffer.from(text))).toBe(text);
  });
});

describe("a body is no text", () => {
  test.each([
    { name: "with a byte of Latin-1", body: Buffer.from('{"a":"ä"}', "latin1") },
    { name: "in UTF-16 with half a character", body: utf16le('{"a":"\ud800"}') },
    { name: "in UTF-16 that is cut", body: utf16le(document).subarray(0, -1) },
    { name: "in UTF-32 that is cut", body: utf32le(document).subarray(0, -1) },
    { name: "in UTF-32 beyond Unicode", body: Buffer.from([0, 0, 0, 0x7b, 0, 0x11, 0, 0]) },
  ])("$name", ({ body }) => {
    expect(jsonText(body)).toBeUndefined();
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isHttpUrl, parseHttpUrl } from "./http-url.ts";
import { parseCount, parseFinite, parsePort, parseShare } from "./parse-number.ts";

const readers = { parseFinite, parseShare, parseCount, parsePort } as const;

describe("numbers of a command line", () => {
  it.each([
    { reader: "parseFinite", texts: ["0", "-1.5", "1e3", " 7 "], numbers: [0, -1.5, 1000, 7] },
    { reader: "parseShare", texts: ["0", "1", "0.25"], numbers: [0, 1, 0.25] },
    { reader: "parseCount", texts: ["0", "007", "9007199254740991"], numbers: [0, 7, 2 ** 53 - 1] },
    { reader: "parsePort", texts: ["0", "80", "65535"], numbers: [0, 80, 65_535] },
  ] as const)("$reader reads $texts", ({ reader, texts, numbers }) => {
    expect(texts.map((text) => readers[reader](text))).toEqual(numbers);
  });

  it.each([
    { reader: "parseFinite", texts: ["", " ", "x", "1,5", "Infinity", "NaN", "1 2"] },
    { reader: "parseShare", texts: ["", "-0.1", "1.1", "50%"] },
    { reader: "parseCount", texts: ["", "-1", "1.5", "1e3", "0x10", " 7", "9007199254740992", "٣"] },
    { reader: "parsePort", texts: ["", "65536", "-1", "80.0", "0x50", "080000", "http"] },
  ] as const)("$reader refuses $texts", ({ reader, texts }) => {
    for (const text of texts) expect(() => readers[reader](text), text).toThrow();
  });

  it("are counted as they are written", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (count) => {
        expect(parseCount(String(count))).toBe(count);
      }),
    );
  });
});

describe("addresses of a command line", () => {
  it.each(["http://localhost:8081", "https://id.example/x?y", "HTTP://A", "http://[::1]:80"])(
    "%s is one",
    (text) => {
      expect(parseHttpUrl(text)).toBe(text);
    },
  );

  it.each(["", "localhost:8081", "ftp://a", "http://", "http://a:99999", "//a", "file:///etc", "http:a"])(
    "%s is none",
    (text) => {
      expect(isHttpUrl(text)).toBe(false);
      expect(() => parseHttpUrl(text)).toThrow("an address starts with http:// or https://");
    },
  );
});

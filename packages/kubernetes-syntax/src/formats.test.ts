import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasFormat } from "./formats.ts";

describe("a text has a format", () => {
  test.each([
    {
      format: "date-time",
      fits: ["2026-01-01T00:00:00Z", "2026-01-01t00:00:00.5+02:00"],
      not: ["2026-01-01", "2026-13-01T00:00:00Z", "now"],
    },
    { format: "date", fits: ["2026-02-28"], not: ["2026-2-8", "2026-02-40", ""] },
    { format: "uri", fits: ["https://a.example/x", "urn:a:b"], not: ["a b", "/x", ""] },
    { format: "email", fits: ["a@b.example"], not: ["a", "a@b@c", "a b@c"] },
    { format: "hostname", fits: ["a", "a.example", "A-b.example"], not: ["-a", "a_b", ""] },
    { format: "ipv4", fits: ["1.2.3.4", "255.255.255.255"], not: ["1.2.3", "256.1.1.1", "::1"] },
    { format: "ipv6", fits: ["::1", "2001:db8::1"], not: ["1.2.3.4", ":::", "g::1"] },
    {
      format: "uuid",
      fits: ["123e4567-e89b-12d3-a456-426614174000", "123E4567E89B12D3A456426614174000"],
      not: ["1", "123e4567-e89b-12d3-a456-42661417400z"],
    },
    { format: "byte", fits: ["", "aGk=", "aGlq"], not: ["a", "aG=k", "*"] },
  ])("$format", ({ format, fits, not }) => {
    expect(fits.filter((text) => !hasFormat(format, text))).toEqual([]);
    expect(not.filter((text) => hasFormat(format, text))).toEqual([]);
  });

  test("that Kubernetes does not check", () => {
    fc.assert(fc.property(fc.string(), (text) => hasFormat("colour", text)));
  });

  test("any time that is written as JSON writes it is a date-time", () => {
    const dates = fc.date({ min: new Date("1970-01-01"), max: new Date("9999-01-01"), noInvalidDate: true });
    fc.assert(fc.property(dates, (date) => hasFormat("date-time", date.toISOString())));
  });

  test("any bytes in base64 are a byte", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(hasFormat("byte", Buffer.from(bytes).toString("base64"))).toBe(true);
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { reasonPhrase } from "./reason-phrase.ts";

describe("the title of a status", () => {
  it.each([
    { status: 200, title: "OK" },
    { status: 404, title: "Not Found" },
    { status: 415, title: "Unsupported Media Type" },
    { status: 429, title: "Too Many Requests" },
    { status: 503, title: "Service Unavailable" },
    { status: 299, title: "" },
    { status: 0, title: "" },
  ])("of $status is '$title'", ({ status, title }) => {
    expect(reasonPhrase(status)).toBe(title);
  });
});

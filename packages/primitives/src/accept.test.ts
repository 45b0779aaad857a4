import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acceptedQuality } from "./accept.ts";

describe("acceptedQuality of application/json", () => {
  it.each([
    { accept: undefined, quality: 1 },
    { accept: "", quality: 1 },
    { accept: "  ", quality: 1 },
    { accept: "*/*", quality: 1 },
    { accept: "application/*", quality: 1 },
    { accept: "application/json", quality: 1 },
    { accept: "Application/JSON", quality: 1 },
    { accept: "application/json;charset=UTF-8", quality: 1 },
    { accept: "application/json ; q=0.5", quality: 0.5 },
    { accept: "application/json;Q=0.5", quality: 0.5 },
    { accept: "application/json;charset=utf-8;q=0.25", quality: 0.25 },
    { accept: "text/html, */*;q=0.1", quality: 0.1 },
    { accept: "text/html,application/*;q=0.5,*/*;q=0.9", quality: 0.5 },
    { accept: "application/json;q=0, */*", quality: 0 },
    { accept: "application/*;q=0, application/json", quality: 1 },
    { accept: "application/json;q=0.2, application/json;q=0.7", quality: 0.7 },
    { accept: "application/json;q=1.000", quality: 1 },
    { accept: "application/json;q=2", quality: 0 },
    { accept: "application/json;q=", quality: 0 },
    { accept: "application/json;q=0.12345", quality: 0 },
    { accept: "application/jsonl", quality: 0 },
    { accept: "application/json-patch+json", quality: 0 },
    { accept: "application/hal+json", quality: 0 },
    { accept: "*", quality: 1 },
    { accept: "application/json;q=.2", quality: 0.2 },
    { accept: "application/json;q=0.", quality: 0 },
    { accept: "application/json;q=.", quality: 0 },
    { accept: "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", quality: 0.2 },
    { accept: "text/*", quality: 0 },
    { accept: "json", quality: 0 },
    { accept: ",,", quality: 0 },
  ])("is $quality in “$accept”", ({ accept, quality }) => {
    expect(acceptedQuality(accept, "application/json")).toBe(quality);
  });
});

describe("acceptedQuality of what has to be named", () => {
  it.each([
    { accept: undefined, quality: 0 },
    { accept: "", quality: 0 },
    { accept: "*/*", quality: 0 },
    { accept: "text/*", quality: 0 },
    { accept: "text/event-stream", quality: 1 },
    { accept: "application/json, text/event-stream;q=0.3", quality: 0.3 },
    { accept: "text/event-stream;q=0", quality: 0 },
    { accept: "text/event-streams", quality: 0 },
  ])("is $quality in “$accept”", ({ accept, quality }) => {
    expect(acceptedQuality(accept, "text/event-stream", { named: true })).toBe(quality);
  });
});

it("is between 0 and 1, whatever the header is", () => {
  fc.assert(
    fc.property(fc.string(), (accept) => {
      const quality = acceptedQuality(accept, "application/json");
      expect(quality >= 0 && quality <= 1).toBe(true);
    }),
  );
});

import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { dropRestOfBody, maxDroppedBytes } from "./refused-body.ts";

/** A request whose body has begun to come, and the headers of its answer. */
function setUp(contentLength?: string) {
  const request = new IncomingMessage(new Socket());
  if (contentLength !== undefined) request.headers["content-length"] = contentLength;
  const headers = new Set(["connection", "content-type"]);
  const raw = new ServerResponse(request);
  return { request, headers, answer: { raw, removeHeader: (name: string) => headers.delete(name) } };
}

const dropped = (headers: ReadonlySet<string>): boolean => !headers.has("connection");

describe("the rest of a refused body", () => {
  it.each([
    { name: "of a length that is not told", length: undefined, heard: true },
    { name: "that is a little too long", length: "2000000", heard: true },
    { name: "as long as will be heard", length: `${maxDroppedBytes}`, heard: true },
    { name: "longer than will ever be heard", length: `${maxDroppedBytes + 1}`, heard: false },
    { name: "of a length that is no number", length: "many", heard: true },
  ])("$name: taken is $heard", ({ length, heard }) => {
    const { request, headers, answer } = setUp(length);
    dropRestOfBody(request, answer);
    expect([dropped(headers), request.readableFlowing === true]).toEqual([heard, heard]);
    expect(headers).toContain("content-type");
  });

  it("is nothing where all of it is there: the answer stays as it is", () => {
    const { request, headers, answer } = setUp("10");
    request.complete = true;
    dropRestOfBody(request, answer);
    expect(dropped(headers)).toBe(false);
  });

  it("is cut off after so many bytes, whatever was told", () => {
    const { request, answer } = setUp();
    dropRestOfBody(request, answer);
    request.emit("data", Buffer.alloc(maxDroppedBytes));
    expect(request.destroyed).toBe(false);
    request.emit("data", Buffer.alloc(1));
    expect(request.destroyed).toBe(true);
  });
});

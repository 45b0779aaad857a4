import { describe, expect, it } from "vitest";
import { readEvents } from "./event-stream.ts";

const encoder = new TextEncoder();

describe("readEvents", () => {
  it.each([
    {
      name: "names, ids and several lines of data",
      text: "event: text-delta\nid: 3\ndata: a\ndata: b\n\n",
      events: [{ event: "text-delta", data: "a\nb", id: "3" }],
    },
    {
      name: "comments and blocks without data are nothing",
      text: ": keep-alive\n\nevent: x\n\n",
      events: [],
    },
    {
      name: "carriage returns",
      text: "data: a\r\n\r\n",
      events: [{ event: "message", data: "a", id: undefined }],
    },
    { name: "an unfinished event at the end is dropped", text: "data: a", events: [] },
  ])("$name", async ({ text, events }) => {
    expect(await Array.fromAsync(readEvents(bytes(text, 1)))).toEqual(events);
    expect(await Array.fromAsync(readEvents(bytes(text, 1000)))).toEqual(events);
  });

  it("gives up on an event that does not end", async () => {
    const long = bytes(`data: a\n\ndata: ${"x".repeat(100)}`, 10);
    const events = readEvents(long, { maxLength: 50 });
    expect((await events.next()).value).toMatchObject({ data: "a" });
    await expect(events.next()).rejects.toThrow(RangeError);
  });

  it("puts characters together that chunks cut apart", async () => {
    const events = await Array.fromAsync(readEvents(bytes("data: Straße 🚚\n\n", 1)));
    expect(events).toEqual([{ event: "message", data: "Straße 🚚", id: undefined }]);
  });
});

async function* bytes(text: string, size: number): AsyncGenerator<Uint8Array> {
  const all = encoder.encode(text);
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}

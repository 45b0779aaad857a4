import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pongFrame, readIdleFrame } from "./idle-frame.ts";

describe("what an agent says while nobody asks", () => {
  test.each([
    { name: "a ping", text: '{"type":"ping"}', read: "ping" },
    { name: "a ping with a payload", text: '{"type":"ping","payload":{"a":1}}', read: "ping" },
    { name: "a pong", text: pongFrame, read: "late" },
    { name: "a result of an earlier turn", text: '{"type":"next","id":"a","payload":{}}', read: "late" },
    { name: "an error of one", text: '{"type":"error","id":"a","payload":[]}', read: "late" },
    { name: "the end of one", text: '{"type":"complete","id":"a"}', read: "late" },
    { name: "a result of nobody's", text: '{"type":"next","payload":{}}', read: "garbage" },
    { name: "the end of a number", text: '{"type":"complete","id":1}', read: "garbage" },
    { name: "a second acknowledgement", text: '{"type":"connection_ack"}', read: "garbage" },
    { name: "a type that is none", text: '{"type":"ka"}', read: "garbage" },
    { name: "no type", text: '{"id":"a"}', read: "garbage" },
    { name: "no object", text: "[]", read: "garbage" },
    { name: "no JSON", text: "not for us", read: "garbage" },
    { name: "nothing", text: "", read: "garbage" },
    { name: "a ping that is too deep", text: `{"type":"ping","x":${"[".repeat(40)}`, read: "garbage" },
    {
      name: "a ping that is too large",
      text: `{"type":"ping","x":"${"x".repeat(300_000)}"}`,
      read: "garbage",
    },
  ])("$name is $read", ({ text, read }) => {
    expect(readIdleFrame(text)).toBe(read);
  });

  test("is read without a throw, whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(["ping", "late", "garbage"]).toContain(readIdleFrame(text));
      }),
    );
  });
});

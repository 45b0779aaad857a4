import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeProtobuf } from "./decode.ts";

/** What kubectl 1.34.4 sent, and the object that was meant. */
const requests: readonly { readonly name: string; readonly base64: string; readonly object: object }[] =
  JSON.parse(readFileSync(new URL("./testdata/kubectl-requests.json", import.meta.url), "utf8"));

describe("a protobuf body", () => {
  test.each(requests)("of `$name` is read", ({ base64, object }) => {
    expect(decodeProtobuf(Buffer.from(base64, "base64"))).toEqual(object);
  });

  test("of a kind that is not known is refused", () => {
    const envelope = Buffer.from([
      ...Buffer.from("k8s\0"),
      10,
      9,
      10,
      2,
      118,
      49,
      18,
      3,
      70,
      111,
      111,
      18,
      0,
    ]);
    expect(() => decodeProtobuf(envelope)).toThrow("core/v1.Foo can't be read as protobuf");
  });

  test("that is cut off or scrambled is an error and nothing else", () => {
    const whole = Buffer.from(requests[1]?.base64 ?? "", "base64");
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const bytes = Buffer.from(cut ? whole.subarray(0, at) : whole);
        if (!cut) bytes[at] = byte;
        try {
          decodeProtobuf(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect(error).not.toBeInstanceOf(TypeError);
        }
      }),
    );
  });
});

import { describe, expect, test } from "vitest";
import { metadataOf, withMetadata } from "./metadata.ts";

describe("the metadata of an object", () => {
  test("is empty where there is none", () => {
    expect([metadataOf({}), metadataOf({ metadata: null })]).toEqual([{}, {}]);
  });

  test("is changed member by member, and the object stays as it was", () => {
    const object = { kind: "K", metadata: { name: "a", uid: "u" } };
    expect(withMetadata(object, { uid: undefined, generation: 2 })).toEqual({
      kind: "K",
      metadata: { name: "a", generation: 2 },
    });
    expect(object).toEqual({ kind: "K", metadata: { name: "a", uid: "u" } });
  });
});

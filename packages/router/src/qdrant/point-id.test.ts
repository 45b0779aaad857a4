import { anyText } from "@lmos/testing/any-text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pointIdOf } from "./point-id.ts";

describe("pointIdOf", () => {
  it("is the id that Eclipse LMOS gives", () => {
    const example = { agentId: "sales-agent", capabilityId: "view-offers", example: "This is example 1" };
    expect(pointIdOf(example)).toBe("2845d7aa-31c8-349f-973e-f601c677afae");
  });

  it("is a UUID of version 3 for any texts, the same for the same ones", () => {
    const text = anyText({ maxLength: 50 });
    fc.assert(
      fc.property(text, text, text, (agentId, capabilityId, example) => {
        const id = pointIdOf({ agentId, capabilityId, example });
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(pointIdOf({ agentId, capabilityId, example })).toBe(id);
      }),
    );
  });
});

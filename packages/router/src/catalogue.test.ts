import { describe, expect, it } from "vitest";
import { parseCatalogue } from "./catalogue.ts";

const capability = { id: "pay", description: "Pays bills", examples: ["pay my bill"] };
const agent = { id: "billing", description: "Bills", capabilities: [capability] };

describe("parseCatalogue", () => {
  it("reads agents, leaving out what it does not know", () => {
    expect(parseCatalogue([{ ...agent, version: 2 }])).toEqual([
      {
        name: "billing",
        description: "Bills",
        capabilities: [{ id: "pay", name: "pay", description: "Pays bills", examples: ["pay my bill"] }],
      },
    ]);
  });

  it("lets descriptions and examples be missing", () => {
    expect(parseCatalogue([{ id: "a", capabilities: [{ id: "b" }] }])).toEqual([
      { name: "a", description: "", capabilities: [{ id: "b", name: "b", description: "", examples: [] }] },
    ]);
  });

  it.each([
    { value: {}, message: "catalogue: expected a list" },
    { value: ["x"], message: "[0]: expected an object" },
    { value: [{ ...agent, id: 7 }], message: "[0].id: expected a text" },
    { value: [{ ...agent, id: " " }], message: "[0].id: must not be empty" },
    { value: [{ id: "a" }], message: "[0].capabilities: expected a list" },
    { value: [agent, agent], message: '[1].id: "billing" is there twice' },
    {
      value: [{ ...agent, capabilities: [capability, capability] }],
      message: '[0].capabilities[1].id: "pay" is there twice',
    },
    {
      value: [{ ...agent, description: null, capabilities: [null] }],
      message: "[0].capabilities[0]: expected an object",
    },
    {
      value: [{ ...agent, capabilities: [{ ...capability, examples: ["ok", 3] }] }],
      message: "[0].capabilities[0].examples[1]: expected a text",
    },
  ])("says where it is wrong: $message", ({ value, message }) => {
    expect(() => parseCatalogue(value)).toThrow(
      expect.objectContaining({ code: "InvalidCatalogue", message }),
    );
  });
});

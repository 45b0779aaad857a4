import { expect, test } from "vitest";
import { maskVolatile } from "./mask.ts";

const cases: readonly { readonly name: string; readonly value: unknown; readonly masked: unknown }[] = [
  {
    name: "what a server makes up is taken out",
    value: {
      metadata: {
        name: "a",
        namespace: "b",
        uid: "1",
        resourceVersion: "2",
        creationTimestamp: "x",
        managedFields: [],
      },
    },
    masked: { metadata: { name: "a" } },
  },
  {
    name: "times are made equal",
    value: ["2026-11-30T08:00:00Z", "2026-11-30T08:00:00.123456Z"],
    masked: ["(time)", "(time)"],
  },
  { name: "what only begins like a time is left", value: "2026-11-30", masked: "2026-11-30" },
  { name: "scalars are left", value: [1, true, null, "text"], masked: [1, true, null, "text"] },
  {
    name: "it reaches all depths",
    value: { items: [{ ownerReferences: [{ name: "o", uid: "1" }] }] },
    masked: { items: [{ ownerReferences: [{ name: "o" }] }] },
  },
  {
    name: "data of that name is taken for the server's too",
    value: { data: { uid: "mine" } },
    masked: { data: {} },
  },
];

test.each(cases)("$name", ({ value, masked }) => {
  expect(maskVolatile(value)).toEqual(masked);
});

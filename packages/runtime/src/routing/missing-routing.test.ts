import { expect, test } from "vitest";
import { describeMissingInFile, describeMissingRouting } from "./missing-routing.ts";

test.each([
  {
    identity: { tenant: "acme", channel: "web", subset: "stable" },
    usual: "No routing info found operator for tenant: acme, channel: web",
    file: "No routing information found in file for tenant: acme, channel: web, subset: stable",
  },
  {
    identity: { tenant: "a b", channel: "", subset: "x" },
    usual: "No routing info found operator for tenant: #c8687a08aa5d, channel: ",
    file: "No routing information found in file for tenant: #c8687a08aa5d, channel: , subset: x",
  },
])("of $identity.tenant is said: $usual", ({ identity, usual, file }) => {
  expect([describeMissingRouting(identity), describeMissingInFile(identity)]).toEqual([usual, file]);
});

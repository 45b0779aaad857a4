import { expect, it } from "vitest";
import { announcementOf } from "./open-socket.ts";

it.each([
  { name: "says nothing: one at a time", headers: {}, operations: 1 },
  { name: "takes fewer than wanted", headers: { "x-lmos-operations": "4" }, operations: 4 },
  { name: "takes more than wanted", headers: { "x-lmos-operations": "99999" }, operations: 16 },
  { name: "takes none", headers: { "x-lmos-operations": "0" }, operations: 1 },
  { name: "says something else", headers: { "x-lmos-operations": "many" }, operations: 1 },
  { name: "says a number that is too long", headers: { "x-lmos-operations": "100000" }, operations: 1 },
  { name: "says it twice", headers: { "x-lmos-operations": ["4", "4"] }, operations: 1 },
])("an agent that $name", ({ headers, operations }) => {
  expect(announcementOf(headers, { socketTurns: 16 })).toEqual({ idempotent: false, operations });
});

it.each([
  ["idempotent", true],
  ["other", false],
])("an agent whose turns are %s", (turns, idempotent) => {
  expect(announcementOf({ "x-lmos-turns": turns }, { socketTurns: 16 }).idempotent).toBe(idempotent);
});

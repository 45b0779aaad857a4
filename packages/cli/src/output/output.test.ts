import { describe, expect, it } from "vitest";
import { formatAge } from "./age.ts";
import { renderStructured } from "./structured.ts";
import { type Column, renderTable } from "./table.ts";

describe("formatAge", () => {
  const nowMs = Date.parse("2026-03-10T12:00:00Z");
  it.each([
    { timestamp: undefined, age: "" },
    { timestamp: "2026-03-10T12:00:00Z", age: "0s" },
    { timestamp: "2026-03-10T11:59:18Z", age: "42s" },
    { timestamp: "2026-03-10T11:58:01Z", age: "119s" },
    { timestamp: "2026-03-10T11:58:00Z", age: "2m" },
    { timestamp: "2026-03-10T09:01:00Z", age: "179m" },
    { timestamp: "2026-03-10T09:00:00Z", age: "3h" },
    { timestamp: "2026-03-08T13:00:00Z", age: "47h" },
    { timestamp: "2026-03-08T12:00:00Z", age: "2d" },
    { timestamp: "2027-01-01T00:00:00Z", age: "0s" },
    { timestamp: "yesterday", age: "" },
  ])("of $timestamp is $age", ({ timestamp, age }) => {
    expect(formatAge(timestamp, nowMs)).toBe(age);
  });
});

describe("renderTable", () => {
  const columns: readonly Column<{ readonly name: string; readonly note: string }>[] = [
    { title: "NAME", cell: ({ name }) => name },
    { title: "NOTE", cell: ({ note }) => note, wide: true },
    { title: "LENGTH", cell: ({ name }) => String(name.length) },
  ];
  const items = [
    { name: "billing-agent", note: "" },
    { name: "a", note: "long enough" },
  ];

  it.each([
    {
      name: "with heads",
      options: { headers: true, wide: false },
      lines: ["NAME            LENGTH", "billing-agent   13", "a               1"],
    },
    {
      name: "without",
      options: { headers: false, wide: false },
      lines: ["billing-agent   13", "a               1"],
    },
    {
      name: "with all columns, a dash for what is empty",
      options: { headers: true, wide: true },
      lines: [
        "NAME            NOTE          LENGTH",
        "billing-agent   -             13",
        "a               long enough   1",
      ],
    },
  ])("$name", ({ options, lines }) => {
    expect(renderTable(columns, items, options)).toEqual(lines);
  });

  it("has its heads alone where there is nothing", () => {
    expect(renderTable(columns, [], { headers: true, wide: false })).toEqual(["NAME   LENGTH"]);
    expect(renderTable(columns, [], { headers: false, wide: false })).toEqual([]);
  });
});

describe("renderStructured", () => {
  it.each([
    { format: "json", value: { a: [1] }, text: '{\n  "a": [\n    1\n  ]\n}' },
    { format: "yaml", value: { a: [1], b: "x: y" }, text: 'a:\n  - 1\nb: "x: y"' },
    { format: "ndjson", value: [{ a: 1 }, { a: 2 }], text: '{"a":1}\n{"a":2}' },
    { format: "ndjson", value: { a: 1 }, text: '{"a":1}' },
    { format: "ndjson", value: [], text: "" },
    { format: "json", value: [], text: "[]" },
  ] as const)("$format of $value", ({ format, value, text }) => {
    expect(renderStructured(format, value)).toBe(text);
  });
});

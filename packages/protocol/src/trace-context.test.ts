import { describe, expect, test } from "vitest";
import { readTraceContext, traceEntries, traceOfOperation } from "./trace-context.ts";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const other = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
const tracestate = "rojo=1";

describe("reads", () => {
  test.each([
    { name: "nothing of nothing", parent: undefined, state: undefined, read: {} },
    { name: "a parent", parent: traceparent, state: undefined, read: { traceparent } },
    {
      name: "a parent with its state",
      parent: traceparent,
      state: tracestate,
      read: { traceparent, tracestate },
    },
    {
      name: "a parent of a later version",
      parent: other.replace("00", "01"),
      state: "",
      read: { traceparent: other.replace("00", "01") },
    },
    {
      name: "a parent without its malformed state",
      parent: traceparent,
      state: "rojo",
      read: { traceparent },
    },
    {
      name: "a parent without a state of several values",
      parent: traceparent,
      state: ["a=1"],
      read: { traceparent },
    },
    { name: "no parent with capitals", parent: traceparent.toUpperCase(), state: tracestate, read: {} },
    { name: "no parent of several values", parent: [traceparent], state: tracestate, read: {} },
    { name: "no parent with a line break", parent: `${traceparent}\n`, state: tracestate, read: {} },
    { name: "no state without a parent", parent: undefined, state: tracestate, read: {} },
  ])("$name", ({ parent, state, read }) => {
    expect(readTraceContext(parent, state)).toEqual({ traceparent: undefined, ...read });
  });
});

describe("tells an operation", () => {
  test.each([
    { name: "nothing of no trace", trace: { traceparent: undefined, tracestate }, told: [] },
    { name: "a parent", trace: { traceparent }, told: [{ key: "traceparent", value: traceparent }] },
    {
      name: "a parent and its state",
      trace: { traceparent, tracestate },
      told: [
        { key: "traceparent", value: traceparent },
        { key: "tracestate", value: tracestate },
      ],
    },
  ])("$name", ({ trace, told }) => {
    expect(traceEntries(trace)).toEqual(told);
  });
});

describe("an operation on a socket of a trace goes on with", () => {
  const ofSocket = { traceparent, tracestate };
  test.each([
    { name: "that, where it names none", named: [], expected: ofSocket },
    { name: "its own", named: traceEntries({ traceparent: other }), expected: { traceparent: other } },
    {
      name: "its own, and its own state",
      named: traceEntries({ traceparent: other, tracestate: "congo=2" }),
      expected: { traceparent: other, tracestate: "congo=2" },
    },
    {
      name: "that, where its own is malformed",
      named: [{ key: "traceparent", value: "x" }],
      expected: ofSocket,
    },
    {
      name: "that, where it names a state only",
      named: [{ key: "tracestate", value: "congo=2" }],
      expected: ofSocket,
    },
  ])("$name", ({ named, expected }) => {
    expect(traceOfOperation(named, ofSocket)).toEqual(expected);
  });

  test("none, where neither names one", () => {
    expect(traceOfOperation([], {})).toEqual({ traceparent: undefined, tracestate: undefined });
  });
});

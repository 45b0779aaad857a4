import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { describe, expect, test } from "vitest";
import { contextOf, contextWithin } from "./trace-context.ts";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

test("a caller's context comes back as it was", () => {
  const context = trace.getSpanContext(contextOf({ traceparent }));
  expect(context).toMatchObject({ isRemote: true, traceFlags: 1 });
  const span = trace.wrapSpanContext(context ?? { traceId: "", spanId: "", traceFlags: 0 });
  expect(contextWithin(span)).toEqual({ traceparent });
});

test("a caller's state comes back with it, its members in their order", () => {
  const tracestate = "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE";
  const context = trace.getSpanContext(contextOf({ traceparent, tracestate }));
  const span = trace.wrapSpanContext(context ?? { traceId: "", spanId: "", traceFlags: 0 });
  expect(contextWithin(span)).toEqual({ traceparent, tracestate });
});

test("a state without a parent begins no trace", () => {
  expect(contextOf({ traceparent: undefined, tracestate: "rojo=1" })).toBe(ROOT_CONTEXT);
});

test("flags are kept", () => {
  const context = trace.getSpanContext(contextOf({ traceparent: traceparent.replace(/01$/, "00") }));
  expect(context?.traceFlags).toBe(0);
});

describe("a new trace begins", () => {
  test.each([
    { name: "without a context", given: undefined },
    { name: "with nonsense", given: "hello" },
    { name: "with capitals", given: traceparent.toUpperCase() },
    { name: "with the version that there is not", given: traceparent.replace(/^00/, "ff") },
    { name: "with more behind it", given: `${traceparent}-00` },
  ])("$name", ({ given }) => {
    expect(contextOf({ traceparent: given })).toBe(ROOT_CONTEXT);
  });
});

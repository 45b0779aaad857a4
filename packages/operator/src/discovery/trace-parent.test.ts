import { createServer } from "node:http";
import { systemClock } from "@lmos/primitives";
import { context, type SpanContext, TraceFlags, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { createCapabilitiesReader } from "./capabilities-reader.ts";
import { traceParentHeader } from "./trace-parent.ts";

const spanContext: SpanContext = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  traceFlags: TraceFlags.SAMPLED,
};
const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterAll(() => context.disable());

function traced<R>(work: () => R, traceFlags = TraceFlags.SAMPLED): R {
  return context.with(trace.setSpanContext(context.active(), { ...spanContext, traceFlags }), work);
}

it("names the span that is active", () => {
  expect(traced(traceParentHeader)).toEqual({ traceparent });
});

it("says when nothing of it is kept", () => {
  expect(traced(traceParentHeader, TraceFlags.NONE)["traceparent"]).toMatch(/-00$/);
});

it("is absent where nothing is traced", () => {
  expect(traceParentHeader()).toEqual({});
});

it("goes along when an agent is read", async () => {
  const received: unknown[] = [];
  const server = createServer((request, response) => {
    received.push(request.headers["traceparent"]);
    response.statusCode = 404;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  await using reader = createCapabilitiesReader({ clock: systemClock });
  const { signal } = new AbortController();
  await traced(() => reader.read(`http://127.0.0.1:${port}`, { signal }));
  expect(new Set(received)).toEqual(new Set([traceparent]));
  server.closeAllConnections();
  server.close();
});

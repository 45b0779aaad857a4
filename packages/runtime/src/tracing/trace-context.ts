/** W3C trace context as it comes in and goes on: `00-<trace id>-<span id>-<flags>`. */
import { type TraceContext, tracestateOf } from "@lmos/protocol";
import {
  type Context,
  createTraceState,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  trace,
} from "@opentelemetry/api";

const traceparentPattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const invalidVersion = "ff";

/** The context in which a span of a caller's trace is started; a new trace where there is none. */
export function contextOf({ traceparent, tracestate }: TraceContext): Context {
  const [, version, traceId, spanId, flags] = traceparentPattern.exec(traceparent ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined || version === invalidVersion) {
    return ROOT_CONTEXT;
  }
  const caller: SpanContext = {
    ...{ traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true },
    ...(tracestate !== undefined && { traceState: createTraceState(tracestate) }),
  };
  return trace.setSpanContext(ROOT_CONTEXT, caller);
}

/** What goes on to those who are called within the span. */
export function contextWithin(span: Span): TraceContext {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  const traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
  const tracestate = tracestateOf(traceState?.serialize());
  return { traceparent, ...(tracestate !== undefined && { tracestate }) };
}

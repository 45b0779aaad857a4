/** W3C trace context as it comes with a request or with one operation on a socket. */
import { type ContextEntry, contextValue } from "./agent-request.ts";
import { tracestateOf } from "./trace-state.ts";
import { traceparentHeader, tracestateHeader } from "./well-known.ts";

/** A trace that goes on; without a parent there is none. */
export interface TraceContext {
  /** `<version>-<trace id>-<span id>-<flags>`. */
  readonly traceparent: string | undefined;
  /** What the tracing systems along the way keep in it. */
  readonly tracestate?: string | undefined;
}

const acceptableParent = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The context that the values of both headers tell. What is malformed is left out, and a state without a parent, too. */
export function readTraceContext(parent: unknown, state: unknown): TraceContext {
  if (typeof parent !== "string" || !acceptableParent.test(parent)) return { traceparent: undefined };
  const tracestate = typeof state === "string" ? tracestateOf(state) : undefined;
  return { traceparent: parent, ...(tracestate !== undefined && { tracestate }) };
}

/** The entries of a `systemContext` that tell it to one operation. */
export function traceEntries({ traceparent, tracestate }: TraceContext): readonly ContextEntry[] {
  if (traceparent === undefined) return [];
  const parent = { key: traceparentHeader, value: traceparent };
  return tracestate === undefined ? [parent] : [parent, { key: tracestateHeader, value: tracestate }];
}

/** The trace of an operation: the one that its `systemContext` names, else that of the socket's upgrade. */
export function traceOfOperation(
  systemContext: readonly ContextEntry[],
  { traceparent, tracestate }: Partial<TraceContext>,
): TraceContext {
  const own = readTraceContext(
    contextValue(systemContext, traceparentHeader),
    contextValue(systemContext, tracestateHeader),
  );
  return own.traceparent === undefined ? { traceparent, tracestate } : own;
}

/** Lets an agent's own trace go on from ours (W3C Trace Context). */
import { trace } from "@opentelemetry/api";

/** The header of the span that is active; none where nothing is traced. */
export function traceParentHeader(): Readonly<Record<string, string>> {
  const context = trace.getActiveSpan()?.spanContext();
  if (context === undefined) return {};
  const flags = context.traceFlags.toString(16).padStart(2, "0");
  return { traceparent: `00-${context.traceId}-${context.spanId}-${flags}` };
}

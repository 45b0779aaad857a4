/** Spans through the OpenTelemetry API: nothing where no tracer is given. */
import { errorMessage } from "@lmos/primitives";
import { type Attributes, type Span, SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api";

/** What a span is called and says. The name comes from a small set; what belongs to one object is an attribute. */
export interface SpanDescription {
  readonly name: string;
  readonly kind: "client" | "internal";
  readonly attributes: Attributes;
}

const kinds = { client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

/** Runs `work` in a span that ends with it; what it throws is recorded and thrown on. */
export function inSpan<R>(
  tracer: Tracer | undefined,
  { name, kind, attributes }: SpanDescription,
  work: (span: Span | undefined) => Promise<R>,
): Promise<R> {
  if (tracer === undefined) return work(undefined);
  return tracer.startActiveSpan(name, { kind: kinds[kind], attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.recordException(error instanceof Error ? error : errorMessage(error));
      span.setStatus({ code: SpanStatusCode.ERROR, message: errorMessage(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}

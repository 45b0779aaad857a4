import {
  type Attributes,
  type AttributeValue,
  INVALID_SPAN_CONTEXT,
  ProxyTracerProvider,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";

/** A span that has ended. */
export interface EndedSpan {
  readonly name: string;
  readonly attributes: Attributes;
  readonly failed: boolean;
}

/** A tracer that keeps the spans that have ended. */
export function recordingTracer(): { readonly tracer: Tracer; readonly spans: readonly EndedSpan[] } {
  const spans: EndedSpan[] = [];
  return { spans, tracer: tracerInto(spans) };
}

function tracerInto(spans: EndedSpan[]): Tracer {
  const plain = new ProxyTracerProvider().getTracer("test");
  const startSpan = (name: string, options: { readonly attributes?: Attributes } = {}): Span =>
    recordingSpan(name, { ...options.attributes }, spans);
  return Object.assign(Object.create(plain), {
    startSpan,
    startActiveSpan: (name: string, options: object, work: (span: Span) => unknown) =>
      work(startSpan(name, options)),
  });
}

function recordingSpan(name: string, attributes: Attributes, spans: EndedSpan[]): Span {
  let failed = false;
  const silent = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
  return Object.assign(silent, {
    setAttribute: (key: string, value: AttributeValue) => {
      attributes[key] = value;
      return silent;
    },
    setStatus: ({ code }: { readonly code: SpanStatusCode }) => {
      failed = code === SpanStatusCode.ERROR;
      return silent;
    },
    end: () => void spans.push({ name, attributes, failed }),
  });
}

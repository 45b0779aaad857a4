/**
 * Spans by OTLP over HTTP. The exporter reads the collector's address, headers and time-out from the environment's
 * `OTEL_EXPORTER_OTLP_…` by itself.
 */
import { context, type Tracer } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { readVersion } from "./version.ts";

/** A tracer, where there is a collector. Disposing it sends what has not been sent. */
export interface Tracing extends AsyncDisposable {
  readonly tracer: Tracer | undefined;
}

/** A tracer whose spans are sent in batches. */
export function startOtlpTracing(component: string): Tracing {
  const version = readVersion();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": `lmos-${component}`, "service.version": version }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  // Lets a span be the parent of what is awaited within it.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return {
    tracer: provider.getTracer(`@lmos/${component}`, version),
    [Symbol.asyncDispose]: async () => {
      await provider.shutdown();
      context.disable();
    },
  };
}

/**
 * Spans of `operator` and `runtime`. On when the environment names a collector; the libraries that send them are loaded
 * only then, because a start has no time for them.
 */
import type { CommandContext } from "./context.ts";
import type { Tracing } from "./otlp-tracing.ts";

const collectorVariables = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

/** Starts tracing for a component such as `runtime`; its spans carry the service name `lmos-runtime`. */
export async function startTracing(
  component: string,
  { environment }: Pick<CommandContext, "environment">,
): Promise<Tracing> {
  const hasCollector = collectorVariables.some((name) => (environment.variables[name] ?? "") !== "");
  if (!hasCollector) return { tracer: undefined, [Symbol.asyncDispose]: async () => undefined };
  const { startOtlpTracing } = await import("./otlp-tracing.ts");
  return startOtlpTracing(component);
}

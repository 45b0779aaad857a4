import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { startOtlpTracing } from "./otlp-tracing.ts";
import { startTracing } from "./tracing.ts";

const environment = (variables: Readonly<Record<string, string>>) => ({
  environment: {
    workingDirectory: "/",
    homeDirectory: "/",
    kubeconfig: undefined,
    inCluster: false,
    variables,
    nodePath: process.execPath,
    programPath: "",
    fromSource: true,
    compileCacheDirectory: undefined,
  },
});

afterEach(() => {
  delete process.env["OTEL_EXPORTER_OTLP_ENDPOINT"];
});

test("there is no tracer without a collector", async () => {
  await using none = await startTracing("runtime", environment({}));
  await using empty = await startTracing("runtime", environment({ OTEL_EXPORTER_OTLP_ENDPOINT: "" }));
  expect([none.tracer, empty.tracer]).toEqual([undefined, undefined]);
});

test("a collector is sent the spans, under the component's name", async () => {
  const bodies: string[] = [];
  const collector = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      bodies.push(`${request.url} ${body}`);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const { port } = collector.address() as AddressInfo;
  process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] = `http://127.0.0.1:${port}`;
  const tracing = startOtlpTracing("runtime");
  await tracing.tracer?.startActiveSpan("turn", async (turn) => {
    await Promise.resolve();
    tracing.tracer?.startSpan("call").end();
    turn.end();
  });
  await tracing[Symbol.asyncDispose]();
  collector.close();
  expect(bodies).toHaveLength(1);
  expect(bodies[0]).toMatch(/^\/v1\/traces /);
  expect(bodies[0]).toContain("lmos-runtime");
  expect(bodies[0]).toMatch(/"parentSpanId":"[0-9a-f]{16}"/); // the call belongs to the turn
});

import { describe, expect, it } from "vitest";
import { recordingTracer } from "./testing/recording-tracer.ts";
import { inSpan } from "./tracing.ts";

const description = { name: "work", kind: "internal", attributes: { size: 1 } } as const;

describe("inSpan", () => {
  it("just works where there is no tracer", async () => {
    expect(await inSpan(undefined, description, async (span) => span ?? "none")).toBe("none");
  });

  it("ends the span with the work", async () => {
    const { tracer, spans } = recordingTracer();
    const result = await inSpan(tracer, description, async (span) => {
      span?.setAttribute("colour", "red");
      return spans.length;
    });
    expect(result).toBe(0);
    expect(spans).toEqual([{ name: "work", attributes: { size: 1, colour: "red" }, failed: false }]);
  });

  it("marks the span of work that failed, and throws on", async () => {
    const { tracer, spans } = recordingTracer();
    await expect(inSpan(tracer, description, () => Promise.reject(new Error("oops")))).rejects.toThrow(
      "oops",
    );
    expect(spans).toMatchObject([{ failed: true }]);
  });
});

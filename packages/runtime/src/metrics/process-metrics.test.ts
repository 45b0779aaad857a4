import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { addProcessMetrics } from "./process-metrics.ts";

const lineOf = (text: string, name: string): string | undefined =>
  text.split("\n").find((line) => line.startsWith(`${name} `));

describe.runIf(process.platform === "linux")("metrics of the process", () => {
  it("tell the open files as the system does, at each scrape anew", async () => {
    const registry = new Registry();
    const state = { open: 22 };
    addProcessMetrics(registry, { look: () => state.open });
    expect(lineOf(await registry.metrics(), "process_open_fds")).toBe("process_open_fds 22");
    state.open = 5022;
    expect(lineOf(await registry.metrics(), "process_open_fds")).toBe("process_open_fds 5022");
  });

  it("have the names that dashboards of Node know", async () => {
    const registry = new Registry();
    addProcessMetrics(registry);
    const text = await registry.metrics();
    for (const name of ["process_open_fds", "process_max_fds", "process_resident_memory_bytes"]) {
      expect(text.split(`# TYPE ${name} gauge`)).toHaveLength(2);
    }
    expect(lineOf(text, "process_open_fds")).toMatch(/^process_open_fds \d+$/);
  });
});

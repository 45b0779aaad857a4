/**
 * What is measured of any process of Node. The library's own count of open files goes through all of them at each scrape,
 * while everything else waits, 20 ms for 5,000 connections: it is replaced by what the system tells.
 */
import { collectDefaultMetrics, Gauge, type Registry } from "prom-client";
import { OpenFiles } from "../admission/open-files.ts";

const name = "process_open_fds";

/** Adds them. */
export function addProcessMetrics(
  registry: Registry,
  files: Pick<OpenFiles, "look"> = new OpenFiles(),
): void {
  collectDefaultMetrics({ register: registry });
  if (registry.getSingleMetric(name) === undefined) return; // there is none where the system does not tell
  registry.removeSingleMetric(name);
  new Gauge({
    name,
    help: "Number of open file descriptors.",
    registers: [registry],
    collect() {
      this.set(files.look());
    },
  });
}

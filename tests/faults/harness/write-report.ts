/** Before the suites: makes the file that they put their figures into. Afterwards: writes docs/faults.md from it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { faultReport, isComplete } from "./fault-report.ts";
import { figureSchema } from "./figures.ts";

const document = new URL("../../../docs/faults.md", import.meta.url);

/** Vitest calls this once, and what it returns in the end. A run of single rows leaves the document as it is. */
export function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), "lmos-faults-"));
  const path = join(directory, "figures.jsonl");
  writeFileSync(path, "");
  process.env["LMOS_FAULT_FIGURES"] = path;
  return () => {
    const lines = readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    const figures = z.array(figureSchema).parse(lines.map((line) => JSON.parse(line)));
    if (isComplete(figures)) writeFileSync(document, faultReport(figures));
    rmSync(directory, { recursive: true });
  };
}

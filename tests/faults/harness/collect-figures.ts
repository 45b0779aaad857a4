/** Before the suites: makes the file that they put their figures into. Afterwards: writes the document from it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type FaultDocument, faultReport, isComplete } from "./fault-report.ts";
import { figureSchema } from "./figures.ts";

/** Begins to collect; what it returns writes `target`, unless only single rows were run. */
export function collectFigures(target: URL, document: FaultDocument): () => void {
  const directory = mkdtempSync(join(tmpdir(), "lmos-faults-"));
  const path = join(directory, "figures.jsonl");
  writeFileSync(path, "");
  process.env["LMOS_FAULT_FIGURES"] = path;
  return () => {
    const lines = readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    const figures = z.array(figureSchema).parse(lines.map((line) => JSON.parse(line)));
    if (isComplete(figures, document)) writeFileSync(target, faultReport(figures, document));
    rmSync(directory, { recursive: true });
  };
}

/**
 * Before the suites: makes the file that they put their figures into. Afterwards: writes the document from it. A file that
 * LMOS_FAULT_FIGURES names is kept, so that rows which take long can be run apart: of figures of the same fault the last counts.
 */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type FaultDocument, faultReport, isComplete } from "./fault-report.ts";
import { type Figure, figureSchema } from "./figures.ts";

/** Begins to collect; what it returns writes `target`, unless only single rows were run. */
export function collectFigures(target: URL, document: FaultDocument): () => void {
  const directory = mkdtempSync(join(tmpdir(), "lmos-faults-"));
  const path = process.env["LMOS_FAULT_FIGURES"] ?? join(directory, "figures.jsonl");
  appendFileSync(path, "");
  process.env["LMOS_FAULT_FIGURES"] = path;
  return () => {
    const lines = readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    const figures = lastOfEach(z.array(figureSchema).parse(lines.map((line) => JSON.parse(line))));
    if (isComplete(figures, document)) writeFileSync(target, faultReport(figures, document));
    rmSync(directory, { recursive: true });
  };
}

function lastOfEach(figures: readonly Figure[]): readonly Figure[] {
  const last = new Map(figures.map((figure) => [`${figure.row} ${figure.server} ${figure.fault}`, figure]));
  return [...last.values()];
}

import type { Evaluation } from "@lmos/router";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeText } from "./escape.ts";
import { mainFigures, percent } from "./figures.ts";
import { renderEvaluationHtml } from "./html.ts";
import { renderEvaluationMarkdown } from "./markdown.ts";
import { confusionPlot, linePlot } from "./svg.ts";

const shares = { accepted: 0.5, asked: 0.25, refused: 0.25 };
const evaluation: Evaluation = {
  messages: 4,
  outOfScope: 1,
  agentAccuracy: 2 / 3,
  capabilityAccuracy: 0.5,
  agentAmongThree: 1,
  acceptedRight: 0.5,
  acceptedWrong: 0,
  decisions: shares,
  outOfScopeDecisions: shares,
  scopeAuroc: 0.9,
  calibrationError: 0.031,
  calibration: [{ from: 0.9, to: 1, count: 3, confidence: 0.95, accuracy: 1 }],
  riskCoverage: [{ coverage: 0.5, risk: 0 }],
  confusion: [
    { expected: "a|b", actual: "a|b", count: 2 },
    { expected: "a|b", actual: "<none>\nof them", count: 1 },
  ],
};

describe("figures", () => {
  it.each([
    { share: 0, text: "0.0 %" },
    { share: 2 / 3, text: "66.7 %" },
    { share: 0.9996, text: "100.0 %" },
    { share: 1, text: "100.0 %" },
  ])("$share is $text", ({ share, text }) => {
    expect(percent(share)).toBe(text);
  });

  it("are in the order in which they are read", () => {
    expect(mainFigures(evaluation).map(([label, value]) => `${label}: ${value}`)).toEqual([
      "messages: 4, 1 of them for no agent",
      "agent right: 66.7 %",
      "capability right: 50.0 %",
      "agent among the best three: 100.0 %",
      "accepted, right / wrong: 50.0 % / 0.0 %",
      "asked / refused: 25.0 % / 25.0 %",
      "for no agent: accepted / asked / refused: 50.0 % / 25.0 % / 25.0 %",
      "area under the curve of the energy: 90.0 %",
      "calibration error: 3.1 %",
    ]);
  });

  it("leave out what nothing was measured of", () => {
    const none = {
      ...evaluation,
      capabilityAccuracy: undefined,
      scopeAuroc: undefined,
      outOfScopeDecisions: undefined,
    };
    const labels = mainFigures(none).map(([label]) => label);
    expect(labels).not.toContain("capability right");
    expect(labels.filter((label) => /for no agent|area under/.test(label))).toEqual([]);
  });
});

describe("Markdown", () => {
  it("has one row for each wrong turn, whatever the agents are called", () => {
    const rows = renderEvaluationMarkdown(evaluation).split("\n");
    expect(rows).toContain("| a\\|b | <none> of them | 1 |");
    expect(rows.filter((row) => row.startsWith("| a\\|b"))).toHaveLength(1);
    expect(rows).toContain("| 0.9–1.0 | 3 | 95.0 % | 100.0 % |");
  });

  it("says so where no turn was wrong, and lists twenty at most", () => {
    const right = evaluation.confusion.filter(({ expected, actual }) => expected === actual);
    expect(renderEvaluationMarkdown({ ...evaluation, confusion: right })).toContain(
      "## Wrong turns\n\nNone.",
    );
    const many = Array.from({ length: 30 }, (_, at) => ({ expected: "x", actual: `to ${at}`, count: 1 }));
    const text = renderEvaluationMarkdown({ ...evaluation, confusion: many });
    expect(text.match(/^\| x \| to /gm)).toHaveLength(20);
  });
});

describe("HTML", () => {
  it("keeps what agents are called from being markup", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("<", ">", "&", '"', "'", "a", "script"), maxLength: 12 }),
        (text) => {
          expect(escapeText(text)).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
        },
      ),
    );
    expect(renderEvaluationHtml(evaluation)).not.toContain("<none>");
  });
});

describe("plots", () => {
  const numbersIn = (text: string, pattern: RegExp): readonly number[] =>
    [...text.matchAll(pattern)].map(([, number]) => Number(number));

  it("have every point within their picture", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.record({ x: share, y: share }), { maxLength: 5 }), (points) => {
        const plot = linePlot(points, { x: "x", y: "y", diagonal: true });
        const [xs, ys] = [numbersIn(plot, /cx="([^"]+)"/g), numbersIn(plot, /cy="([^"]+)"/g)];
        expect(xs).toHaveLength(points.length);
        for (const x of xs) expect(x >= 0 && x <= 480).toBe(true);
        for (const y of ys) expect(y >= 0 && y <= 320).toBe(true);
      }),
    );
  });

  it("draw a square for each pair of agents that there is, the darker the larger its share", () => {
    const plot = confusionPlot([
      { expected: "a", actual: "a", count: 3 },
      { expected: "a", actual: "b", count: 1 },
      { expected: "b", actual: "b", count: 100 },
      { expected: "b", actual: "nobody that was expected", count: 1 },
    ]);
    expect(numbersIn(plot, /fill-opacity="([^"]+)"/g)).toEqual([0.75, 0.25, 0.99]);
    expect(plot).toContain("<title>a → b: 1 of 4</title>");
  });

  it("draw the first forty agents, and none where there is none", () => {
    const many = Array.from({ length: 50 }, (_, at) => ({ expected: `${at}`, actual: `${at}`, count: 1 }));
    expect(confusionPlot(many).match(/<rect /g)).toHaveLength(40);
    expect(confusionPlot([])).not.toContain("<rect ");
  });
});

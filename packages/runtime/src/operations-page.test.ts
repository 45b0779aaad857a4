/** Holds docs/runtime-operations.md to what it describes. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { defaultLimits, provenUserQuotas } from "./limits.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { stillGauges } from "./testing/gauges.ts";
import { type TurnFailureCode, turnFailure } from "./turn/failure.ts";

const page = readFileSync(new URL("../../../docs/runtime-operations.md", import.meta.url), "utf8");

const codes: Readonly<Record<TurnFailureCode, true>> = {
  ...{ invalid_request: true, no_routing: true, routing_unavailable: true, unknown_agent: true },
  ...{ wrong_tenant: true, agent_unavailable: true, agent_busy: true, agent_quota_exceeded: true },
  ...{ agent_timeout: true, agent_unresponsive: true, agent_interrupted: true, agent_error: true },
  ...{ agent_protocol_error: true, response_too_large: true, no_answer: true, handover_failed: true },
  ...{ overloaded: true, quota_exceeded: true, server_shutdown: true, client_gone: true, internal: true },
};

function isCode(text: string): text is TurnFailureCode {
  return text in codes;
}

/** The first cell of each row of the tables under a heading. */
function firstCells(heading: string): readonly string[] {
  const [, after = ""] = page.split(`\n## ${heading}\n`);
  const [section = ""] = after.split("\n## ");
  return section.split("\n").flatMap((line) => line.match(/^\| (`.*?`) \|/)?.[1] ?? []);
}

describe("the page of the runtime's operation", () => {
  test("has a row for each metric, and for none that is not there", async () => {
    const { text } = await createMetrics(stillGauges).render();
    const measured = [...text.matchAll(/^# TYPE (lmos_\w+)/gm)].map(([, name]) => name);
    const told = firstCells("Metrics").flatMap((cell) => [...cell.matchAll(/`(lmos_\w+)/g)]);
    expect(told.map(([, name]) => name).sort()).toEqual(measured.sort());
  });

  test("has a row for each limit, with its default, in their order", () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| ([\d,]+|none) \|/gm)];
    const told = rows.map(([, name, value]) => [name, Number(value?.replaceAll(",", ""))]);
    const limits = Object.entries(defaultLimits);
    expect(told).toEqual(limits.map(([name, value]) => [name, Number.isFinite(value) ? value : Number.NaN]));
  });

  test.each(Object.entries(provenUserQuotas))(
    "tells the quota %s of users who prove who they are",
    (name, value) => {
      expect(page).toContain(`\`${name}\` ${value.toLocaleString("en")}`);
    },
  );

  test("has a row for each code, and for none that is not there", () => {
    const told = firstCells("How a turn can fail").flatMap((cell) => cell.match(/\w+/g) ?? []);
    expect(told.sort()).toEqual(Object.keys(codes).sort());
  });

  test.each(Object.keys(codes).filter(isCode))("says whether %s can be sent again", (code) => {
    const row = page.split("\n").find((line) => line.startsWith("| `") && line.includes(`\`${code}\``)) ?? "";
    expect(row.includes("all can be sent again")).toBe(turnFailure(code, "").retryable);
  });
});

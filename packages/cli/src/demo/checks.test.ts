import { beforeEach, describe, expect, it } from "vitest";
import { runUntil } from "../testing/run-with.ts";
import { Checks } from "./checks.ts";

let lines: string[];
let checks: Checks;

beforeEach(() => {
  lines = [];
  checks = new Checks({
    print: (line) => void lines.push(line),
    write: () => undefined,
    hint: () => undefined,
    paint: (color, text) => `<${color}>${text}`,
    interactive: false,
  });
});

describe("checks", () => {
  it("are counted and shown as they come, below their headlines", () => {
    checks.section("routing");
    checks.record("goes to billing", true);
    checks.record("goes to news", false);
    checks.record("goes to weather", true);
    expect(lines).toEqual([
      "\n<bold>routing",
      "  <green>✓ goes to billing",
      "  <red>✗ goes to news",
      "  <green>✓ goes to weather",
    ]);
    expect([checks.totals, checks.failed]).toEqual(["2 passed, 1 failed", 1]);
  });

  it("go on after one that throws, and say why it did", async () => {
    expect(await checks.expect("starts", async () => 7)).toBe(7);
    const failing = checks.expect("answers", () => Promise.reject(new Error("no connection")));
    expect(await failing).toBeUndefined();
    expect(lines).toEqual(["  <green>✓ starts", "  <red>✗ answers: no connection"]);
    expect(checks.totals).toBe("1 passed, 1 failed");
  });
});

it("lmos demo --check that its user stops has not failed: its exit code is that of Ctrl-C", async () => {
  const stop = new AbortController();
  stop.abort(new Error("stopped by SIGINT"));
  const { code, hints } = await runUntil({ environment: {}, signal: stop.signal }, "demo", "--check");
  expect({ code, hints }).toEqual({ code: 130, hints: "" });
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runWith } from "../../testing/run-with.ts";

const catalogue = [
  {
    id: "billing",
    capabilities: [
      {
        id: "show",
        description: "Shows bills",
        examples: ["show my bill", "why is my bill high", "explain my bill", "bill of march", "my last bill"],
      },
    ],
  },
  {
    id: "<orders>",
    capabilities: [
      {
        id: "track",
        description: "Tracks orders",
        examples: ["where is my order", "track my parcel", "order status", "when comes my order"],
      },
    ],
  },
];
const labelled = `text,agent,capability
"where is my order, please",<orders>,track
show the bill,billing,show
explain the last bill,<orders>,track
"what is the ""weather"" in rome",,
`;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lmos-router-"));
  await writeFile(join(directory, "agents.json"), JSON.stringify(catalogue));
  await writeFile(join(directory, "labelled.csv"), labelled);
  await writeFile(join(directory, "labelled.ndjson"), '{"text":"show the bill","agent":"billing"}\n');
});
afterAll(() => rm(directory, { recursive: true }));

const runHere = (...parameters: readonly string[]) =>
  runWith({ workingDirectory: directory }, "router", ...parameters);

const files = ["--catalogue", "agents.json", "--labelled", "labelled.csv"];

describe("lmos router lint", () => {
  it("prints findings and fails, telling its progress on stderr", async () => {
    const { code, out, hints } = await runHere("lint", "--catalogue", "agents.json");
    expect(code).toBe(1);
    expect(out).toContain("few-examples       <orders>/track: 4 examples");
    expect(hints).toContain("comparing agents …");
  });
});

describe("lmos router eval", () => {
  it("prints figures and wrong turns as Markdown", async () => {
    const { code, out } = await runHere("eval", ...files);
    expect(code).toBe(0);
    expect(out).toContain("| agent right | 66.7 % |");
    expect(out).toContain("| <orders> | billing | 1 |");
  });

  it("prints data for programs", async () => {
    const { out } = await runHere("eval", ...files, "-o", "json");
    expect(JSON.parse(out)).toMatchObject({ messages: 4, outOfScope: 1 });
  });

  it("prints a page that fetches nothing and runs nothing of the catalogue", async () => {
    const { out } = await runHere("eval", ...files, "-o", "html");
    expect(out.match(/<svg /g)).toHaveLength(3);
    expect(out).toContain("&lt;orders&gt;");
    expect(out).not.toMatch(/<orders>|<script|<link|src=|url\(/);
  });

  it("reads one object a line", async () => {
    const { out } = await runHere("eval", "--catalogue", "agents.json", "--labelled", "labelled.ndjson");
    expect(out).toContain("| agent right | 100.0 % |");
  });

  it("takes other thresholds", async () => {
    const { out } = await runHere("eval", ...files, "-o", "json", "--energy", "1000");
    expect(JSON.parse(out)).toMatchObject({ decisions: { refused: 1 } });
  });
});

describe("lmos router calibrate", () => {
  it("prints thresholds under which nothing goes wrong", async () => {
    const { code, out } = await runHere("calibrate", ...files, "--wrong", "0");
    expect(code).toBe(0);
    expect(out).toContain("wrong     0.0 %");
  });

  it.each([
    { name: "no goal", goal: [], says: "either --wrong SHARE or --ask SHARE" },
    { name: "a share above 1", goal: ["--wrong", "2"], says: "not between 0 and 1" },
    {
      name: "no labelled messages",
      goal: ["--wrong", "0.1", "--labelled", "none.csv"],
      says: "cannot be read",
    },
  ])("refuses $name", async ({ goal, says }) => {
    const { code, hints } = await runHere("calibrate", ...files, ...goal);
    expect(code).toBe(2);
    expect(hints).toContain(says);
  });
});

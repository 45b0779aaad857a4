import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLabelled } from "./labelled-file.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lmos-labelled-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function labelledIn(text: string): ReturnType<typeof readLabelled> {
  const path = join(folder, "messages");
  await writeFile(path, text);
  return readLabelled(path);
}

describe("labelled messages", () => {
  const bill = { text: "show my bill", agent: "billing", capability: "show" };

  it.each([
    { name: "a JSON list", text: JSON.stringify([bill]) },
    { name: "one object a line", text: `${JSON.stringify(bill)}\n` },
    { name: "CSV", text: "text,agent,capability\nshow my bill,billing,show\n" },
    {
      name: "CSV of Windows, with its mark",
      text: "\uFEFFtext,agent,capability\r\nshow my bill,billing,show\r\n",
    },
    {
      name: "CSV with other columns in another order",
      text: "id,agent,capability,text\n7,billing,show,show my bill",
    },
    {
      name: "CSV with quotes around all",
      text: '"text","agent","capability"\n"show my bill","billing","show"',
    },
    { name: "CSV with blanks in its head", text: "text, agent, capability\nshow my bill,billing,show" },
    { name: "CSV with empty lines", text: "text,agent,capability\n\nshow my bill,billing,show\n\n" },
  ])("are read from $name", async ({ text }) => {
    expect(await labelledIn(text)).toEqual([bill]);
  });

  it.each([
    { name: "no agent in CSV", text: "text,agent,capability\nmy cat is ill,,\n" },
    { name: "a row that ends early", text: "text,agent,capability\nmy cat is ill\n" },
    { name: "no agent in JSON", text: '[{"text":"my cat is ill"}]' },
  ])("belong to nobody with $name", async ({ text }) => {
    const [message] = await labelledIn(text);
    expect(message?.text).toBe("my cat is ill");
    expect(message?.agent).toBeUndefined();
  });

  it("are read from CSV as they were written, whatever stands in their cells", async () => {
    const cell = fc
      .array(fc.constantFrom("a", " b", ",", '"', "\n", "\r\n", "ü", "😀", ";", "\r"), {
        minLength: 1,
        maxLength: 8,
      })
      .map((parts) => parts.join(""));
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 5 }), async (texts) => {
        const rows = texts.map((text) => `${quoted(text)},${quoted("billing")},show`);
        const read = await labelledIn(`text,agent,capability\n${rows.join("\n")}\n`);
        expect(read.map(({ text, agent }) => ({ text, agent }))).toEqual(
          texts.map((text) => ({ text, agent: "billing" })),
        );
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    { name: "quotes within a cell", cell: 'show "my" bill' },
    { name: "a quote that nobody ends", cell: '"show my bill' },
    { name: "quotes around a part", cell: '"show" my bill' },
  ])("take $name as they stand", async ({ cell }) => {
    const messages = await labelledIn(`text,agent,capability\n${cell},billing,show\nnext,orders,track\n`);
    expect(messages.map(({ text }) => text)).toEqual([cell, "next"]);
  });

  it("lose no row behind a line's end of old machines", async () => {
    const messages = await labelledIn("text,agent,capability\none,a,x\rtwo,b,y\rthree,c,z\n");
    expect(messages.map(({ text }) => text)).toEqual(["one", "two", "three"]);
  });

  it.each([
    { name: "half a list", text: "[{", says: "has no labelled messages" },
    { name: "a line that is no JSON", text: '{"text":"a"}\nhello', says: "has no labelled messages" },
    { name: "objects without a text", text: '[{"message":"a"}]', says: "has no labelled messages" },
  ])("are refused with the file: $name", async ({ text, says }) => {
    await expect(labelledIn(text)).rejects.toMatchObject({
      code: "Usage",
      message: expect.stringContaining(`messages ${says}`),
    });
  });

  it("are refused where there is no file", async () => {
    await expect(readLabelled(join(folder, "missing.csv"))).rejects.toMatchObject({
      code: "Usage",
      message: expect.stringContaining("missing.csv cannot be read: name a JSON or CSV file"),
    });
  });
});

/**
 * What ARC 0.126 answers to callers who err or ask for much, as it was recorded (tests/interop holds it against the jars): an agent of this
 * SDK answers the same. Where it does not, `told-otherwise.json` has what it answers, under the row of docs/compatibility.md.
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { AgentServer } from "./agent-server.ts";
import { testAgents } from "./test-agents.ts";
import { dialogues, endSchema, framesOf, masked, play } from "./test-dialogues.ts";
import { startTestServer } from "./testing/test-server.ts";

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");

const otherwise = z
  .record(z.string(), z.record(z.string(), z.object({ frames: z.array(z.unknown()), end: endSchema })))
  .parse(JSON.parse(read("testdata/told-otherwise.json")));
const told = new Map(Object.values(otherwise).flatMap((answers) => Object.entries(answers)));

let server: AgentServer;

beforeAll(async () => {
  server = await startTestServer(testAgents);
});
afterAll(() => server.stop());

describe("a caller is answered as by ARC, or as it is written down:", () => {
  it.each(dialogues)("$name", async (dialogue) => {
    const recorded = { frames: framesOf(dialogue.steps), end: dialogue.end };
    const expected = told.get(dialogue.name) ?? recorded;
    expect(await play(dialogue, { port: server.port, expected })).toEqual(masked(expected));
  });
});

describe("what is written down", () => {
  const names = new Set(dialogues.map(({ name }) => name));
  const documented = read("../../../docs/compatibility.md");

  it("is of recorded dialogues, each of which has a name of its own", () => {
    expect([...told.keys()].filter((name) => !names.has(name))).toEqual([]);
    expect(names.size).toBe(dialogues.length);
  });

  it.each(Object.keys(otherwise))("under %s has its row in docs/compatibility.md", (row) => {
    expect(documented).toContain(`\n| ${row} |`);
  });

  it.each([...told.keys()])("of %s differs", (name) => {
    const dialogue = dialogues.find((each) => each.name === name);
    const recorded = { frames: framesOf(dialogue?.steps ?? []), end: dialogue?.end };
    expect(masked(recorded)).not.toEqual(masked(told.get(name)));
  });
});

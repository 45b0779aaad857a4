/** The smallest catalogue of conversations, held through each of the runtime's doors with agents on real sockets. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Door, overEvents, overGraphql, overRest, streamed } from "./doors.ts";
import { hold } from "./hold.ts";
import { startScene } from "./scene.ts";
import { readScript } from "./script.ts";

const script = readScript("blind/pair.json");
const both = "my invoice is wrong, and does it rain in Berlin tomorrow?";
const answered = [
  "[billing] my invoice is wrong (billing)",
  "[weather] does it rain in Berlin tomorrow? (weather)",
].join("\n\n");

let scene: Awaited<ReturnType<typeof startScene>>;

beforeAll(async () => {
  scene = await startScene(script);
});

afterAll(() => scene[Symbol.asyncDispose]());

/** Which conversations go as written. */
async function passed(door: Door, prefix: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const { turns, name } of script.conversations) {
    // Which agent the n-th choice is, is told by two of the doors.
    if (turns.some(({ expect: expected }) => expected.startsWith("choice"))) continue;
    const fault = await hold(scene.runtime, { name: `${prefix} ${name}`, kind: "any", turns }, door);
    if (fault === undefined) names.push(name);
  }
  return names;
}

const doors: readonly { readonly name: string; readonly door: Door }[] = [
  { name: "REST", door: overRest },
  { name: "an event stream", door: overEvents },
  { name: "a GraphQL subscription", door: overGraphql },
];

test("the same conversations go as written through each door", async () => {
  const [rest, ...others] = await Promise.all(doors.map(({ name, door }) => passed(door, name)));
  expect(rest?.length).toBeGreaterThan(15);
  for (const other of others) expect(other).toEqual(rest);
});

describe.each(doors)("over $name", ({ name, door }) => {
  test("two requests in one message come back as one answer that names its sources", async () => {
    const messages = [{ role: "user", content: both }] as const;
    expect(await door(scene.runtime, encodeURIComponent(`both ${name}`), messages)).toMatchObject({
      content: answered,
    });
  });

  test("what is said after them goes on with the last one", async () => {
    const messages = [
      { role: "user", content: both },
      { role: "assistant", content: answered },
      { role: "user", content: "and on Sunday?" },
    ] as const;
    const conversation = encodeURIComponent(`both ${name}`);
    expect(await door(scene.runtime, conversation, messages)).toMatchObject({
      content: "[weather] and on Sunday?",
    });
  });

  test.each([
    { reply: "the first one", content: "[billing] invoice or weather" },
    { reply: "weather please", content: "[weather] invoice or weather" },
    { reply: "the last", content: "[weather] invoice or weather" },
    {
      reply: "both",
      content: "[billing] invoice or weather (billing)\n\n[weather] invoice or weather (weather)",
    },
    {
      reply: "neither",
      content: "Sorry, I can't help with that here. What I can help with: invoices, forecast.",
    },
    { reply: "neither, will it rain in Rome", content: "[weather] neither, will it rain in Rome" },
  ])("a question is answered by “$reply”", async ({ reply, content }) => {
    const conversation = encodeURIComponent(`asked ${name} ${reply}`);
    const about = { role: "user", content: "invoice or weather" } as const;
    const asked = await door(scene.runtime, conversation, [about]);
    expect(asked.decision).toBe("ask");
    const messages = [
      about,
      { role: "assistant", content: asked.content },
      { role: "user", content: reply },
    ] as const;
    expect((await door(scene.runtime, conversation, messages)).content).toBe(content);
  });
});

test("how the parts get on is told on the way", async () => {
  const events = await streamed(scene.runtime, "streamed", [{ role: "user", content: both }]);
  const parts = events.filter(({ name }) => name === "part").map(({ data }) => data);
  for (const [agent, capability] of [
    ["billing", "invoices"],
    ["weather", "forecast"],
  ]) {
    expect(parts).toContainEqual({ agent, capability, state: "started" });
    expect(parts).toContainEqual({ agent, capability, state: "answered" });
  }
  expect(events.map(({ name }) => name).slice(-2)).toEqual(["message", "turn-end"]);
  expect(events.findIndex(({ name }) => name === "part")).toBeLessThan(
    events.findIndex(({ name }) => name === "text-delta"),
  );
});

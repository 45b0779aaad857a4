/**
 * Where ARC 0.126 on its Spring Boot starter answers the recorded dialogues otherwise than on its own server, which it does
 * in these cases alone: what an agent of this SDK answers is that of one of both, or has its row of docs/compatibility.md.
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { AgentServer } from "./agent-server.ts";
import { testAgents } from "./test-agents.ts";
import { dialogues, endSchema, framesOf, masked, play } from "./test-dialogues.ts";
import { startTestServer } from "./testing/test-server.ts";

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
const onSpring = z
  .record(z.string(), z.object({ frames: z.array(z.unknown()), end: endSchema }))
  .parse(JSON.parse(read("testdata/arc-0.126-spring.json")));

/** Which of both ours follows; where neither, by the row of docs/compatibility.md. */
const followed: readonly { readonly names: RegExp; readonly follows: string }[] = [
  { names: /^no sub-protocol$/, follows: "Spring" },
  { names: /sub-protocol$|^legacy graphql-ws$|^ours in other letters$/, follows: "Ktor" },
  { names: /^frame: binary/, follows: "Ktor" },
  { names: /./, follows: "Ktor" },
];
const followedFor = (name: string): string => followed.find(({ names }) => names.test(name))?.follows ?? "";

let server: AgentServer;
beforeAll(async () => {
  server = await startTestServer(testAgents);
});
afterAll(() => server.stop());

describe("of what Spring answers otherwise, ours follows", () => {
  it.each(Object.keys(onSpring).map((name) => ({ name, follows: followedFor(name) })))(
    "$follows: $name",
    async ({ name, follows }) => {
      const dialogue = dialogues.find((each) => each.name === name);
      if (dialogue === undefined) throw new Error(`${name} was not recorded`);
      const onKtor = { frames: framesOf(dialogue.steps), end: dialogue.end };
      const spring = onSpring[name] ?? onKtor;
      expect(masked(spring)).not.toEqual(masked(onKtor));
      if (follows !== "Spring" && follows !== "Ktor") {
        return expect(read("../../../docs/compatibility.md")).toContain(`\n| ${follows} |`);
      }
      const expected = follows === "Spring" ? spring : onKtor;
      expect(await play(dialogue, { port: server.port, expected })).toEqual(masked(expected));
    },
  );
});

it("answers most of the dialogues as it does", () => {
  expect([Object.keys(onSpring).length, dialogues.length]).toEqual([29, 438]);
});

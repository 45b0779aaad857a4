/**
 * What the Kotlin runtime's GraphQL service answers over sockets, as it was recorded: ours answers the same. Where it does
 * not, `recorded-graphql-otherwise.json` has what it answers, under the row of docs/compatibility.md.
 */
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type OperatedRuntime, startOperatedRuntime } from "../testing/operated-runtime.ts";
import { outcomeOf, outcomeSchema, playDialogue, recordedDialogues } from "../testing/recorded-dialogues.ts";

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
const otherwise = z
  .record(z.string(), z.record(z.string(), outcomeSchema))
  .parse(JSON.parse(read("../testdata/recorded-graphql-otherwise.json")));
const told = new Map(Object.values(otherwise).flatMap((outcomes) => Object.entries(outcomes)));

let operated: OperatedRuntime;
beforeAll(async () => {
  operated = await startOperatedRuntime({ fallbackAgent: "agent-0" });
});
afterAll(() => operated[Symbol.asyncDispose]());

describe("a caller is answered as by the Kotlin runtime, or as it is written down:", () => {
  test.each(recordedDialogues)("$name", async (dialogue) => {
    const expected = told.get(dialogue.name) ?? outcomeOf(dialogue);
    expect(await playDialogue(operated.running.url, dialogue, expected)).toEqual(expected);
  });
});

/** The sub-protocol that an upgrade is answered with. */
async function negotiated(offered: readonly string[]): Promise<string | undefined> {
  const headers = {
    ...{ connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" },
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...(offered.length > 0 && { "sec-websocket-protocol": offered.join(", ") }),
  };
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const asked = request(`${operated.running.url}/subscriptions`, { headers });
  asked.on("upgrade", (response, socket) => {
    socket.destroy();
    resolve(response.headers["sec-websocket-protocol"]);
  });
  asked.end();
  return promise;
}

const notFirst = "GraphQL: `graphql-transport-ws` is offered, but not first";

describe("a caller is told the sub-protocol that it was told, or the one that it offers:", () => {
  const ofOwn = recordedDialogues.filter(({ offered }) => offered?.join() !== "graphql-transport-ws");
  test.each(ofOwn)("$name", async ({ offered, subprotocol }) => {
    const isOffered = offered?.includes("graphql-transport-ws") === true;
    expect((await negotiated(offered ?? [])) ?? null).toBe(isOffered ? "graphql-transport-ws" : subprotocol);
  });
});

describe("what is written down", () => {
  const names = new Set(recordedDialogues.map(({ name }) => name));
  const documented = read("../../../../docs/compatibility.md");

  test("is of recorded dialogues, each of which has a name of its own", () => {
    expect([...told.keys()].filter((name) => !names.has(name))).toEqual([]);
    expect(names.size).toBe(recordedDialogues.length);
  });

  test.each([...Object.keys(otherwise), notFirst])("under %s has its row in docs/compatibility.md", (row) => {
    expect(documented).toContain(`\n| ${row} |`);
  });

  test.each([...told])("of %s differs", (name, outcome) => {
    const dialogue = recordedDialogues.find((each) => each.name === name);
    expect(dialogue === undefined ? undefined : outcomeOf(dialogue)).not.toEqual(outcome);
  });
});

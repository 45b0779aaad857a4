/** Agents that hand a turn on, with connections that answer from a script. */
import { handoverStatus } from "@lmos/protocol";
import { describe, expect, test } from "vitest";
import { agents, type ScriptedAnswer, scriptedWork } from "../testing/scripted-work.ts";
import { collect, kindsOf } from "../testing/turns.ts";
import type { TurnEvent } from "../turn/turn.ts";
import { answerWithHandOvers } from "./hand-over.ts";

function setUp(scripts: Readonly<Record<string, ScriptedAnswer>>) {
  const { asked, work } = scriptedWork(scripts);
  const first = agents[0];
  if (first === undefined) throw new TypeError("no agent");
  return {
    asked,
    handOver: (): Promise<readonly TurnEvent[]> =>
      collect(answerWithHandOvers(first, { ...work, messages: work.turn.messages })),
  };
}

const to = (name: string, content = ""): ScriptedAnswer => ({ content, status: handoverStatus(name) });

describe("a hand-over", () => {
  test("goes to the agent that is named, which answers", async () => {
    const { handOver, asked } = setUp({ a: to("b", "One moment."), b: { content: "Here." } });
    expect(await handOver()).toEqual([
      { kind: "note", text: "One moment." },
      { kind: "hand-over", from: "a", to: "b" },
      { kind: "message", content: "Here.", anonymizationEntities: null },
    ]);
    expect(asked[1]?.request.messages).toEqual(asked[0]?.request.messages);
  });

  const failing: readonly {
    readonly name: string;
    readonly scripts: Readonly<Record<string, ScriptedAnswer>>;
  }[] = [
    { name: "in a circle", scripts: { a: to("b"), b: to("a") } },
    { name: "to itself", scripts: { a: to("a") } },
    {
      name: "more than five times",
      scripts: { a: to("b"), b: to("c"), c: to("d"), d: to("e"), e: to("f"), f: to("g") },
    },
  ];
  test.each(failing)("$name ends the turn", async ({ scripts }) => {
    expect(kindsOf(await setUp(scripts).handOver()).at(-1)).toBe("error handover_failed");
  });

  test("to an agent that the channel has not goes no further", async () => {
    const { handOver, asked } = setUp({ a: to("stranger") });
    expect(await handOver()).toMatchObject([{ kind: "message", content: /nobody is here/ }]);
    expect(asked).toHaveLength(1);
  });

  test("to a person is told to the client", async () => {
    const { handOver } = setUp({ a: { content: "A colleague goes on.", status: "AGENT_HANDOVER" } });
    expect(await handOver()).toMatchObject([{ content: "A colleague goes on.", status: "AGENT_HANDOVER" }]);
  });
});

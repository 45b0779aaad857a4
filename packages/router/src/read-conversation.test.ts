import type { AgentDensity, Ranking } from "@lmos/ranking";
import { describe, expect, it } from "vitest";
import { countedHistory } from "./conversation.ts";
import type { MessageReader } from "./message-reader.ts";
import type { HistoryMessage } from "./model.ts";
import { readConversation } from "./read-conversation.ts";

const { signal } = new AbortController();

/** Ranks nothing, but keeps what it was given; the energy of a ranking is the length of its text. */
class FakeReader implements MessageReader {
  readonly ranked: string[] = [];
  readonly read: string[] = [];
  readonly located: string[] = [];

  async rank(message: string) {
    this.ranked.push(message);
    return { text: message, ranking: rankingOf(message), isEmpty: false };
  }

  glance(): undefined {
    return undefined;
  }

  async rankReadings(message: string): Promise<Ranking> {
    this.read.push(message);
    return rankingOf(message);
  }

  async densityOf(message: string): Promise<AgentDensity> {
    this.located.push(message);
    return { probabilities: new Map([["a", message.length]]) };
  }
}

function rankingOf(message: string): Ranking {
  return { agents: [], capabilities: [], energy: message.length, margin: 0, matches: [] };
}

const user = (content: string): HistoryMessage => ({ role: "user", content });
const answer = (content: string, agent?: string): HistoryMessage => ({ role: "assistant", content, agent });

async function read(message: string, history: readonly HistoryMessage[]) {
  const counted = countedHistory({ message, history });
  if (counted === undefined) throw new Error("nothing of the history counts");
  const reader = new FakeReader();
  const isThere = (agent: string): boolean => agent !== "gone";
  return {
    reader,
    conversation: await readConversation(
      { message, whole: rankingOf(message), counted, isThere },
      reader,
      signal,
    ),
  };
}

describe("readConversation", () => {
  it("reads the message and its window, and nothing before an answer whose agent is known", async () => {
    const { reader, conversation } = await read("and now?", [
      user("x"),
      answer("y", "b"),
      user("p"),
      answer("q", "a"),
    ]);
    expect(conversation).toMatchObject({ holder: "a", earlier: [] });
    expect(reader.read).toEqual(["and now?"]);
    expect(reader.located).toEqual(["and now?"]);
    expect(reader.ranked).toEqual(["p q and now?"]);
    expect(conversation.window.energy).toBe("p q and now?".length);
  });

  it.each([
    { name: "nobody is known to have answered", history: [user("x"), answer("y")], said: ["x y"] },
    { name: "the agent is gone", history: [user("x"), answer("y", "gone")], said: ["x y"] },
    {
      name: "messages came since",
      history: [user("x"), answer("y", "a"), user("p"), user("q"), answer("r")],
      said: ["p ", "q r"],
    },
  ])("reads with their answers what was said where $name", async ({ history, said }) => {
    const { reader, conversation } = await read("and now?", history);
    expect(reader.ranked).toEqual(expect.arrayContaining(said));
    expect(reader.located.toSorted()).toEqual([...said, "and now?"].toSorted());
    expect(conversation.earlier.map(({ ranking }) => ranking.energy)).toEqual(
      said.map(({ length }) => length),
    );
  });

  const plain = {
    beginsAnew: false,
    goesOn: false,
    refersBack: false,
    corrects: false,
    namesNothing: false,
  };
  it.each([
    { name: "a plain one", message: "where is Rome", signs: { ...plain, words: 3 } },
    {
      name: "one that begins anew",
      message: "By the way, my bill",
      signs: { ...plain, words: 5, beginsAnew: true },
    },
    { name: "half a sentence", message: "and in April?", signs: { ...plain, words: 3, goesOn: true } },
    { name: "one with a pronoun", message: "cancel it", signs: { ...plain, words: 2, refersBack: true } },
    {
      name: "one that names nothing",
      message: "how much then",
      signs: { ...plain, words: 3, namesNothing: true },
    },
    {
      name: "one that puts something right",
      message: "no, my invoice",
      signs: { ...plain, words: 3, corrects: true },
    },
    {
      name: "one that is only polite",
      message: "have a nice weekend",
      signs: { ...plain, words: 4, namesNothing: true },
    },
    { name: "one without words", message: "?!", signs: { ...plain, words: 0 } },
  ])("reads the signs of $name", async ({ message, signs }) => {
    const { conversation } = await read(message, [user("x"), answer("Which one?", "a")]);
    expect(conversation.current.signs).toEqual({ ...signs, followsQuestion: true });
  });

  it("counts the words of an earlier message, not those of its answer", async () => {
    const { conversation } = await read("m", [user("two words"), answer("and a long answer to them")]);
    expect(conversation.earlier[0]?.signs).toEqual({
      words: 2,
      beginsAnew: false,
      goesOn: false,
      refersBack: false,
      corrects: false,
      namesNothing: false,
      followsQuestion: false,
    });
  });

  it("leaves out what the message says that it is not about", async () => {
    const { reader } = await read("not the bill, the new contract", [user("x"), answer("y", "a")]);
    expect(reader.ranked).toContain("the new contract");
    expect(reader.read).toEqual(["the new contract"]);
    expect(reader.located).toEqual(["the new contract"]);
  });

  it("rejects as the reader does", async () => {
    const counted = countedHistory({ message: "m", history: [user("x")] });
    if (counted === undefined) throw new Error("nothing counts");
    const broken: MessageReader = {
      ...new FakeReader(),
      rank: () => Promise.reject(new Error("no vector")),
      glance: () => undefined,
      rankReadings: async () => rankingOf(""),
      densityOf: async () => ({ probabilities: new Map() }),
    };
    const reading = readConversation(
      { message: "m", whole: rankingOf("m"), counted, isThere: () => true },
      broken,
      signal,
    );
    await expect(reading).rejects.toThrow("no vector");
  });
});

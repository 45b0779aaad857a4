/** What the words of a message say where it is German: where it may be cut, which topics it names, what a reply means. */
import type { RoutingDecision } from "@lmos/router";
import { describe, expect, it } from "vitest";
import { routedAgentsOf } from "../routing/snapshot.ts";
import { routingOf } from "../testing/routings.ts";
import { decided } from "../testing/snapshots.ts";
import { refusesChoices, understandChoice, wantsAll } from "./choice.ts";
import { findNamedTopics, mayNameTopics } from "./named-topics.ts";
import { mayHavePieces, splitMessage } from "./split-message.ts";

function textsOf(message: string): readonly string[] {
  return splitMessage(message).map(({ start, end }) => message.slice(start, end));
}

describe("a German message", () => {
  it.each([
    {
      name: "“und” between two requests",
      message: "Mein Router blinkt rot und meine Rechnung ist falsch",
      pieces: ["Mein Router blinkt rot", "meine Rechnung ist falsch"],
    },
    {
      name: "“außerdem” at the beginning of a sentence",
      message: "Ich ziehe bald um. Außerdem blinkt der Router rot.",
      pieces: ["Ich ziehe bald um.", "blinkt der Router rot."],
    },
    {
      name: "“ach ja” after a comma",
      message: "ich ziehe bald um, ach ja, mein Router ist kaputt",
      pieces: ["ich ziehe bald um, ach ja", "mein Router ist kaputt"],
    },
    {
      name: "a thing of two words",
      message: "ich ziehe bald um und die Rechnung",
      pieces: ["ich ziehe bald um und die Rechnung"],
    },
    {
      name: "a clause before its main clause",
      message: "Wenn mein Flug sich verspätet, wer zahlt das Hotel?",
      pieces: ["Wenn mein Flug sich verspätet, wer zahlt das Hotel?"],
    },
    {
      name: "a list of nouns",
      message: "die Rechnung von März und April",
      pieces: ["die Rechnung von März und April"],
    },
  ])("is cut as it should be: $name", ({ message, pieces }) => {
    expect(textsOf(message)).toEqual(pieces);
  });

  it.each([
    { message: "Habe ich noch Volumen? Falls nein, buchen Sie bitte eines dazu.", follows: [false, true] },
    { message: "Wann kommt mein Guthaben? Danach bitte den Vertrag kündigen.", follows: [false, true] },
    { message: "Wann kommt mein Guthaben? Bitte den Vertrag kündigen.", follows: [false, false] },
  ])("says what needs an answer first: “$message”", ({ message, follows }) => {
    expect(splitMessage(message).map((piece) => piece.follows)).toEqual(follows);
  });

  it.each([
    { message: "Mein Router und meine Rechnung", may: true },
    { message: "mein Router sowie meine Rechnung", may: true },
    { message: "Hundertundeins", may: false },
    { message: "wo bleibt mein Handy", may: false },
  ])("may have pieces, “$message”: $may", ({ message, may }) => {
    expect(mayHavePieces(message)).toBe(may);
  });
});

describe("topics named in German", () => {
  const agentOf: Readonly<Record<string, string>> = { Rechnung: "billing", Tarif: "tariffs" };
  async function classify(text: string): Promise<RoutingDecision> {
    const agent = agentOf[text.split(" ").at(-1) ?? ""];
    return decided(
      agent === undefined
        ? { decision: "none", confidence: 0 }
        : { decision: "accept", agent, capability: "c", confidence: 0.7 },
    );
  }

  it.each([
    "Rechnung oder Tarif",
    "meine Rechnung oder mein Tarif?",
    "Rechnung und Tarif",
    "ich habe eine Frage zur Rechnung oder zum Tarif",
    "es geht um Rechnung oder Tarif, keine Ahnung",
    "Rechnung oder Tarif bitte",
  ])("are found in “%s”", async (message) => {
    const topics = await findNamedTopics(message, { classify });
    expect(topics?.map(({ agent }) => agent)).toEqual(["billing", "tariffs"]);
  });

  it.each([
    "ich möchte die Rechnung und den Tarif",
    "wann kommt die Rechnung oder gilt der neue Tarif schon, den ich im Mai bestellt habe",
  ])("are not where more is said: “%s”", (message) => {
    expect(mayNameTopics(message, { hasTurn: false })).toBe(false);
  });
});

describe("a German reply", () => {
  const agents = routedAgentsOf(
    routingOf([
      {
        name: "rechnung",
        host: "a",
        capability: { id: "rechnungen", name: "rechnungen", description: "Rechnungen und Zahlungen" },
      },
      {
        name: "vertrag",
        host: "b",
        capability: { id: "vertraege", name: "vertraege", description: "Verträge: kündigen, verlängern" },
      },
    ]),
  );
  const choices = [
    { agent: "rechnung", capability: "rechnungen", confidence: 0.5 },
    { agent: "vertrag", capability: "vertraege", confidence: 0.4 },
  ];

  it.each([
    { reply: "das erste", agent: "rechnung" },
    { reply: "Nummer zwei bitte", agent: "vertrag" },
    { reply: "ich nehme das letzte", agent: "vertrag" },
    { reply: "es geht um die Rechnung", agent: "rechnung" },
    { reply: "lieber Verträge", agent: "vertrag" },
    { reply: "Rechnung bitte", agent: "rechnung" },
    { reply: "das mit der Rechnung", agent: "rechnung" },
    { reply: "Das zweite bitte!", agent: "vertrag" },
    { reply: "ersteres", agent: "rechnung" },
    { reply: "die zweite Option wäre richtig", agent: "vertrag" },
    { reply: "Punkt 2", agent: "vertrag" },
    { reply: "ich meinte eher den letzten", agent: "vertrag" },
    { reply: "nein, nicht die Rechnung, den Vertrag", agent: undefined },
  ])("means $agent: “$reply”", ({ reply, agent }) => {
    expect(understandChoice(reply, choices, agents)?.alternative.agent).toBe(agent);
  });

  it.each([
    "nein",
    "keins von beiden",
    "nö, was anderes",
    "keine davon, danke",
    "keins davon",
    "leider nichts davon",
    "weder noch",
    "nein, es geht um etwas anderes",
    "passt beides nicht",
    "das ist es nicht",
  ])("refuses: “%s”", (reply) => {
    expect(refusesChoices(reply)).toBe(true);
  });

  it.each(["nein, die Rechnung", "Verträge", "das ist es", "beides", "die Rechnung ist falsch"])(
    "does not refuse: “%s”",
    (reply) => {
      expect(refusesChoices(reply)).toBe(false);
    },
  );

  it.each([
    { reply: "beides bitte", wants: true },
    { reply: "alle beide", wants: true },
    { reply: "beides ist falsch", wants: false },
  ])("wants all, “$reply”: $wants", ({ reply, wants }) => {
    expect(wantsAll(reply)).toBe(wants);
  });
});

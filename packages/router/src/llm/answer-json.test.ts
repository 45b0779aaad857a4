import { anyText } from "@lmos/testing/any-text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerJson } from "./answer-json.ts";

const json = '{"id":"c1"}';
const read = { id: "c1" };
const f = "```";

describe("answerJson", () => {
  it.each([
    { name: "plain JSON", text: json },
    { name: "blanks around", text: ` \n\t${json}\n` },
    { name: "a fence", text: `${f}\n${json}\n${f}` },
    { name: "a fence of JSON", text: `${f}json\n${json}\n${f}` },
    { name: "a fence in capitals", text: `${f}JSON\n${json}\n${f}` },
    { name: "a fence on one line", text: `${f}json ${json} ${f}` },
    { name: "a fence without an end", text: `${f}json\n${json}` },
    { name: "prose around a fence", text: `Here it is:\n${f}json\n${json}\n${f}\nBye.` },
    { name: "an element", text: `<answer>${json}</answer>` },
    { name: "an element without an end", text: `<answer>${json}` },
    { name: "prose around an element", text: `I say <answer>${json}</answer>.` },
    { name: "a fence in an element", text: `<answer>\n${f}json\n${json}\n${f}\n</answer>` },
    { name: "an element in a fence", text: `${f}json\n<answer>${json}</answer>\n${f}` },
  ])("reads $name", ({ text }) => {
    expect(answerJson(text)).toEqual(read);
  });

  it.each([
    { name: "prose", text: "I say c1." },
    { name: "nothing", text: "" },
    { name: "prose before", text: `Sure: ${json}` },
    { name: "prose behind", text: `${json} That is it.` },
    { name: "two answers", text: `${json}\n${json}` },
    { name: "two fences", text: `${f}json\n${json}\n${f}\nor\n${f}json\n{"id":"c2"}\n${f}` },
    { name: "two elements", text: `<answer>${json}</answer><answer>{"id":"c2"}</answer>` },
    { name: "an empty fence", text: `${f}json\n${f}` },
    { name: "no JSON in a fence", text: `${f}\nc1\n${f}` },
    { name: "half of JSON", text: '{"' },
    { name: "single quotes", text: "{'id':'c1'}" },
    { name: "a comment", text: `/* c */ ${json}` },
    { name: "a byte order mark", text: `\ufeff${json}` },
  ])("reads nothing of $name", ({ text }) => {
    expect(answerJson(text)).toBeUndefined();
  });

  it("reads whatever was wrapped, and rejects no text with an exception", () => {
    const value = fc.jsonValue().filter((each) => !/[`<]/.test(JSON.stringify(each)));
    fc.assert(
      fc.property(value, fc.constantFrom(`${f}json\n`, `${f}\n`, "<answer>"), (given, start) => {
        const end = start === "<answer>" ? "</answer>" : `\n${f}`;
        expect(answerJson(`${start}${JSON.stringify(given)}${end}`)).toEqual(
          JSON.parse(JSON.stringify(given)),
        );
      }),
    );
    fc.assert(
      fc.property(anyText({ maxLength: 500 }), (text) => {
        answerJson(text);
      }),
    );
  });
});

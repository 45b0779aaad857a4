import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLabelSelector, selectsLabels } from "./label-selector.ts";

const labels = { app: "web", tier: "front", "example.dev/x": "1", empty: "", size: "10" };

describe("a label selector", () => {
  test.each([
    ["", true],
    ["app=web", true],
    ["app==web", true],
    ["app = web , tier != back", true],
    ["app=db", false],
    ["app!=web", false],
    ["missing!=web", true],
    ["app", true],
    ["missing", false],
    ["!missing", true],
    ["! app", false],
    ["app in (db, web)", true],
    ["app in (db)", false],
    ["app notin (db)", true],
    ["missing notin (db)", true],
    ["app in (web),tier in (front,back),!missing", true],
    ["example.dev/x=1", true],
    ["empty=", true],
    ["empty in ()", true],
    ["in=web", false],
    ["size>9", true],
    ["size > 10", false],
    ["size<11,app", true],
    ["app>1", false],
    ["missing<1", false],
  ])("%j selects: %s", (text, selected) => {
    expect(selectsLabels(parseLabelSelector(text), labels)).toBe(selected);
  });

  test.each([
    ["a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ["=b", "found '=', expected: !, identifier, or 'end of string'"],
    ["a=b=c", "found '=', expected: ',' or 'end of string'"],
    ["a in b", "unable to parse requirement: found 'b' expected: '('"],
    ["a in (b", "unable to parse requirement: found '', expected: ',' or ')'"],
    [",", "found ',', expected: !, identifier, or 'end of string'"],
    ["a,,b", "found ',', expected: identifier after ','"],
    ["a,", "found '', expected: identifier after ','"],
    ["a==b c", "found 'c', expected: ',' or 'end of string'"],
    [
      "a>b",
      `unable to parse requirement: values[0]: Invalid value: "b": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
    [
      "a<",
      `unable to parse requirement: values[0]: Invalid value: "": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
    ["a>1<2", "found '<', expected: ',' or 'end of string'"],
    ["!", "unable to parse requirement: found '', expected: identifier"],
    ["a=(", "unable to parse requirement: found '(', expected: identifier"],
    ["size<-1", 'unable to parse requirement: values[0][size]: Invalid value: "-1": a valid label must be'],
    ["-a", 'unable to parse requirement: <nil>: Invalid value: "-a": name part must consist of'],
    ["a=-b", 'unable to parse requirement: values[0][a]: Invalid value: "-b": a valid label must be'],
  ])("%j is refused", (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(message);
  });
});

describe("any labels", () => {
  const words = fc.constantFrom("a", "b", "c", "1", "20");
  const labelled = fc.dictionary(fc.constantFrom("app", "tier"), words, { noNullPrototype: true });
  const requirements = fc.oneof(
    fc
      .tuple(fc.constantFrom("app", "tier"), fc.constantFrom("=", "==", "!="), words)
      .map((parts) => parts.join("")),
    fc
      .tuple(
        fc.constantFrom("app", "tier"),
        fc.constantFrom("in", "notin"),
        fc.array(words, { minLength: 1 }),
      )
      .map(([key, operator, values]) => `${key} ${operator} (${values.join(",")})`),
    fc.constantFrom("app", "!app", "tier", "!tier"),
    fc.tuple(fc.constantFrom("app>", "tier<"), fc.nat(30)).map((parts) => parts.join("")),
  );
  const selects = (text: string, labels: Readonly<Record<string, string>>): boolean =>
    selectsLabels(parseLabelSelector(text), labels);

  test("satisfy requirements together just when they satisfy each", () => {
    fc.assert(
      fc.property(labelled, fc.array(requirements, { minLength: 1, maxLength: 4 }), (labels, texts) => {
        expect(selects(texts.join(","), labels)).toBe(texts.every((text) => selects(text, labels)));
      }),
    );
  });

  test("satisfy a requirement or its opposite", () => {
    fc.assert(
      fc.property(labelled, words, (labels, word) => {
        expect(selects(`app=${word}`, labels)).toBe(!selects(`app!=${word}`, labels));
        expect(selects(`app in (${word})`, labels)).toBe(!selects(`app notin (${word})`, labels));
        expect(selects("app", labels)).toBe(!selects("!app", labels));
      }),
    );
  });

  test("do not care for blanks", () => {
    fc.assert(
      fc.property(labelled, requirements, (labels, text) => {
        const spaced = text.replaceAll(/([=!<>(),]+)/g, " $1 ").replaceAll("! app", "!app");
        expect(selects(spaced, labels)).toBe(selects(text, labels));
      }),
    );
  });

  test("a selector of any text is read or refused", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ a-c=!<>(),0-9]{0,12}$/), (text) => {
        try {
          parseLabelSelector(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
    );
  });
});

import type { JsonObject } from "@lmos/primitives";
import { type Area, type Case, present } from "../conformance/case.ts";
import { definition, definitions, gadget, gadgets } from "../conformance/objects.ts";
import { post } from "../conformance/steps.ts";

const text: JsonObject = { type: "string", maxLength: 40 };

/** A rule over `self`, a spec for which it holds, and one for which it does not. */
interface Row {
  readonly name: string;
  readonly rules: readonly string[];
  readonly fits: JsonObject;
  readonly misfit: JsonObject;
}

function caseOf({ name, rules, fits, misfit }: Row): Case {
  const spec: JsonObject = {
    type: "object",
    "x-kubernetes-validations": rules.map((rule) => ({ rule })),
    properties: {
      text,
      other: text,
      time: { type: "string", format: "date-time", maxLength: 40 },
      span: { type: "string", format: "duration", maxLength: 40 },
      bytes: { type: "string", format: "byte", maxLength: 40 },
      number: { type: "integer" },
      ratio: { type: "number" },
      either: { "x-kubernetes-int-or-string": true },
      texts: { type: "array", maxItems: 5, items: text },
      numbers: { type: "array", maxItems: 5, items: { type: "integer" } },
      map: { type: "object", maxProperties: 5, additionalProperties: text },
    },
  };
  return {
    name: `${name}: what fits is taken, what does not is refused`,
    steps: [
      post(definitions, definition({}, { type: "object", properties: { spec } }), { compare: "status" }),
      post(gadgets, gadget("fits", { spec: fits }), { until: true, compare: ["spec"] }),
      post(gadgets, gadget("misfit", { spec: misfit }), {
        status: 422,
        holds: { "details.causes[0].field": present },
      }),
    ],
  };
}

const rows: readonly Row[] = [
  {
    name: "starts, ends and parts of texts",
    rules: ["self.text.startsWith('a') && self.text.endsWith('z') && self.text.contains('-')"],
    fits: { text: "a-z" },
    misfit: { text: "a.z" },
  },
  {
    name: "places in texts",
    rules: ["self.text.indexOf('b') == 1 && self.text.lastIndexOf('b') == 3 && self.text.charAt(2) == 'c'"],
    fits: { text: "abcb" },
    misfit: { text: "babc" },
  },
  {
    name: "cut and changed texts",
    rules: [
      "self.text.trim().upperAscii().substring(1, 3) == 'BC'",
      "self.text.replace('b', '_') == self.other",
    ],
    fits: { text: "abcd ", other: "a_cd " },
    misfit: { text: "abxd ", other: "a_xd" },
  },
  {
    name: "formatted texts",
    rules: ["'%s has %d of %.1f'.format([self.text, self.number, self.ratio]) == self.other"],
    fits: { text: "a", number: 3, ratio: 1.5, other: "a has 3 of 1.5" },
    misfit: { text: "a", number: 4, ratio: 1.5, other: "a has 3 of 1.5" },
  },
  {
    name: "regular expressions",
    rules: [
      "self.text.matches('^[a-z]+[0-9]*$')",
      "self.text.find('[0-9]+') == self.other",
      "self.text.findAll('[a-z]').size() == 2",
    ],
    fits: { text: "ab12", other: "12" },
    misfit: { text: "abc", other: "12" },
  },
  {
    name: "numbers from texts and back",
    rules: [
      "int(self.text) + 1 == self.number && string(self.number) == self.other && double('1.5') == self.ratio",
    ],
    fits: { text: "41", number: 42, other: "42", ratio: 1.5 },
    misfit: { text: "41", number: 43, other: "43", ratio: 1.5 },
  },
  {
    name: "an int-or-string by its type",
    rules: ["type(self.either) == int ? self.either > 0 : self.either == 'all'"],
    fits: { either: "all" },
    misfit: { either: -1 },
  },
  {
    name: "times and spans",
    rules: [
      "self.time > timestamp('2026-01-01T00:00:00Z') && self.time.getFullYear() == 2026",
      "self.span < duration('1h') && self.span.getMinutes() == 30",
    ],
    fits: { time: "2026-05-01T00:00:00Z", span: "30m" },
    misfit: { time: "2025-05-01T00:00:00Z", span: "2h" },
  },
  {
    name: "bytes",
    rules: ["self.bytes == b'hi' && string(self.bytes) == 'hi'"],
    fits: { bytes: "aGk=" },
    misfit: { bytes: "aG8=" },
  },
  {
    name: "lists by their order",
    rules: [
      "self.numbers.isSorted() && self.numbers.min() == 1 && self.numbers.max() == 3 && self.numbers.sum() == 6",
      "self.texts.indexOf('b') == 1 && self.texts.lastIndexOf('b') == 2",
    ],
    fits: { numbers: [1, 2, 3], texts: ["a", "b", "b"] },
    misfit: { numbers: [3, 2, 1], texts: ["b", "a"] },
  },
  {
    name: "lists as sets",
    rules: [
      "sets.contains(self.texts, ['a']) && sets.intersects(self.texts, ['b', 'x']) && !sets.equivalent(self.texts, ['a'])",
    ],
    fits: { texts: ["a", "b"] },
    misfit: { texts: ["a"] },
  },
  {
    name: "macros over lists",
    rules: [
      "self.numbers.all(n, n > 0) && self.numbers.exists(n, n == 2) && self.numbers.exists_one(n, n > 2)",
      "self.numbers.filter(n, n % 2 == 1).map(n, n * 10) == [10, 30]",
    ],
    fits: { numbers: [1, 2, 3] },
    misfit: { numbers: [1, 3, 5] },
  },
  {
    name: "macros over maps",
    rules: ["self.map.all(k, k.size() == 1 && self.map[k] != '') && self.map.exists(k, self.map[k] == 'x')"],
    fits: { map: { a: "x", b: "y" } },
    misfit: { map: { a: "y", bb: "x" } },
  },
  {
    name: "macros with two variables",
    rules: ["self.map.all(k, v, k != v) && self.numbers.transformList(i, v, v + i) == [5, 7]"],
    fits: { map: { a: "x" }, numbers: [5, 6] },
    misfit: { map: { a: "a" }, numbers: [5, 6] },
  },
  {
    name: "optional values",
    rules: [
      "self.?text.orValue('none') != 'none' && self.?map[?'a'].hasValue()",
      "self.?number.optMap(n, n * 2).orValue(0) == 8",
    ],
    fits: { text: "a", map: { a: "x" }, number: 4 },
    misfit: { map: { b: "x" }, number: 4 },
  },
  {
    name: "quantities",
    rules: [
      "isQuantity(self.text) && quantity(self.text).isLessThan(quantity('2Gi'))",
      "quantity(self.text).add(quantity('1Ki')).compareTo(quantity(self.other)) == 0",
    ],
    fits: { text: "1Ki", other: "2Ki" },
    misfit: { text: "4Gi", other: "4Gi" },
  },
  {
    name: "URLs",
    rules: [
      "isURL(self.text) && url(self.text).getScheme() == 'https' && url(self.text).getHostname() == 'a.example'",
      "url(self.text).getPort() == '8443' && url(self.text).getEscapedPath() == '/x' && url(self.text).getQuery()['q'] == ['1']",
    ],
    fits: { text: "https://a.example:8443/x?q=1" },
    misfit: { text: "http://a.example:8443/x?q=1" },
  },
  {
    name: "IP addresses and their ranges",
    rules: [
      "isIP(self.text) && ip(self.text).family() == 4 && !ip(self.text).isLoopback()",
      "cidr(self.other).containsIP(self.text) && cidr(self.other).prefixLength() == 8",
    ],
    fits: { text: "10.1.2.3", other: "10.0.0.0/8" },
    misfit: { text: "127.0.0.1", other: "10.0.0.0/8" },
  },
  {
    name: "named formats",
    rules: [
      "!format.dns1123Label().validate(self.text).hasValue()",
      "!format.named('date').value().validate(self.other).hasValue()",
    ],
    fits: { text: "a-b", other: "2026-01-01" },
    misfit: { text: "A_b", other: "2026-01-01" },
  },
  {
    name: "conditions and operators",
    rules: [
      "(has(self.text) ? size(self.text) : 0) + self.number * 2 - 1 == 7 / 2 + 3 && !(self.number in [1, 2])",
    ],
    fits: { text: "a", number: 3 },
    misfit: { text: "ab", number: 3 },
  },
];

/** What validation rules can say. */
export const ruleFunctionCases: Area = { title: "Functions in validation rules", cases: rows.map(caseOf) };

import type { JsonObject } from "@lmos/primitives";
import { type Area, type Case, present } from "../conformance/case.ts";
import { definition, definitions, gadget, gadgets } from "../conformance/objects.ts";
import { get, mergePatch, post } from "../conformance/steps.ts";

const schema = (rules: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
  type: "object",
  properties: {
    spec: {
      type: "object",
      "x-kubernetes-validations": [...rules],
      properties: {
        min: { type: "integer" },
        max: { type: "integer" },
        mode: { type: "string", maxLength: 20 },
        names: { type: "array", maxItems: 10, items: { type: "string", maxLength: 20 } },
        weights: {
          type: "array",
          maxItems: 10,
          items: { type: "object", properties: { weight: { type: "integer" } } },
        },
        labels: {
          type: "object",
          maxProperties: 10,
          additionalProperties: { type: "string", maxLength: 20 },
        },
        ...more,
      },
    },
  },
});

const install = (rules: readonly JsonObject[], more?: JsonObject) => [
  post(definitions, definition({}, schema(rules, more)), { compare: "status" }),
  post(`${gadgets}?dryRun=All`, gadget("probe", {}), { until: true, compare: "status" }),
];

const refusal = (spec: JsonObject, message: RegExp) =>
  post(gadgets, gadget("bad", { spec }), {
    status: 422,
    holds: { message, "details.causes[0].field": present },
  });

const accepted = (name: string, spec: JsonObject) => post(gadgets, gadget(name, { spec }));

const rule = (text: string, more: JsonObject = {}): JsonObject => ({ rule: text, ...more });

const refusedRule = (name: string, one: JsonObject): Case => ({
  name,
  steps: [
    post(definitions, definition({}, schema([one])), {
      status: 422,
      holds: { "details.causes[0].field": /x-kubernetes-validations/ },
      compare: ["reason", "code", "details.causes[].field"],
    }),
  ],
});

/** Validation rules in CEL. */
export const ruleCases: Area = {
  title: "Validation rules (CEL)",
  cases: [
    {
      name: "a rule between two members",
      steps: [
        ...install([rule("self.min <= self.max", { message: "min is above max" })]),
        accepted("good", { min: 1, max: 2 }),
        refusal({ min: 3, max: 2 }, /spec: Invalid value:.*min is above max/),
      ],
    },
    {
      name: "a rule without a message tells itself",
      steps: [...install([rule("self.min < 5")]), refusal({ min: 5 }, /failed rule: self.min < 5/)],
    },
    {
      name: "has() asks whether a member is there",
      steps: [
        ...install([rule("!has(self.mode) || has(self.names)")]),
        accepted("good", { mode: "x", names: [] }),
        refusal({ mode: "x" }, /failed rule/),
      ],
    },
    {
      name: "macros over lists and maps",
      steps: [
        ...install([
          rule("!has(self.names) || self.names.all(n, n.startsWith('a'))", { message: "names begin with a" }),
          rule("!has(self.labels) || self.labels.exists(k, k == 'app')", { message: "needs app" }),
          rule("!has(self.names) || self.names.exists_one(n, n == 'a1')", { message: "one a1" }),
        ]),
        accepted("good", { names: ["a1", "a2"], labels: { app: "x" } }),
        refusal({ names: ["a1", "b"] }, /names begin with a/),
        refusal({ labels: { other: "x" } }, /needs app/),
        refusal({ names: ["a1", "a1"] }, /one a1/),
      ],
    },
    {
      name: "sums with map() and sum()",
      steps: [
        ...install([
          rule("self.weights.map(w, w.weight).sum() == 100", { message: "weights must sum to 100" }),
        ]),
        accepted("good", { weights: [{ weight: 90 }, { weight: 10 }] }),
        refusal({ weights: [{ weight: 90 }, { weight: 20 }] }, /must sum to 100/),
      ],
    },
    {
      name: "texts: size, matches, split, lower case",
      steps: [
        ...install([
          rule("!has(self.mode) || self.mode.size() > 2", { message: "too short" }),
          rule("!has(self.mode) || self.mode.matches('^[a-z-]+$')", { message: "no match" }),
          rule("!has(self.mode) || self.mode.split('-').size() < 3", { message: "too many" }),
          rule("!has(self.mode) || self.mode.lowerAscii() == self.mode", { message: "upper" }),
        ]),
        accepted("good", { mode: "abc-def" }),
        refusal({ mode: "ab" }, /too short/),
        refusal({ mode: "a-b-c" }, /too many/),
      ],
    },
    {
      name: "a message made by an expression",
      steps: [
        ...install([rule("self.mode != 'bad'", { messageExpression: "'mode is ' + self.mode" })]),
        refusal({ mode: "bad" }, /mode is bad/),
      ],
    },
    {
      name: "a rule's reason and field path are in the answer",
      steps: [
        ...install([
          rule("self.min <= self.max", { message: "no", reason: "FieldValueForbidden", fieldPath: ".min" }),
        ]),
        post(gadgets, gadget("bad", { spec: { min: 3, max: 2 } }), {
          status: 422,
          holds: { "details.causes[0].field": "spec.min", "details.causes[0].reason": "FieldValueForbidden" },
        }),
      ],
    },
    {
      name: "a transition rule compares with the old object, and only on updates",
      steps: [
        ...install([rule("self.mode == oldSelf.mode", { message: "mode is immutable" })]),
        accepted("one", { mode: "x" }),
        mergePatch(`${gadgets}/one`, { spec: { min: 1 } }),
        mergePatch(
          `${gadgets}/one`,
          { spec: { mode: "y" } },
          { status: 422, holds: { message: /mode is immutable/ } },
        ),
      ],
    },
    {
      name: "a transition rule of a scalar member",
      steps: [
        ...install([], {
          count: {
            type: "integer",
            "x-kubernetes-validations": [rule("self >= oldSelf", { message: "may only grow" })],
          },
        }),
        accepted("one", { count: 1 }),
        mergePatch(`${gadgets}/one`, { spec: { count: 2 } }),
        mergePatch(
          `${gadgets}/one`,
          { spec: { count: 1 } },
          { status: 422, holds: { message: /may only grow/ } },
        ),
        mergePatch(`${gadgets}/one`, { spec: { count: null } }),
        mergePatch(`${gadgets}/one`, { spec: { count: 1 } }),
      ],
    },
    {
      name: "a rule that may see no old value",
      steps: [
        ...install([], {
          count: {
            type: "integer",
            "x-kubernetes-validations": [
              rule("!oldSelf.hasValue() || self >= oldSelf.value()", {
                optionalOldSelf: true,
                message: "may only grow",
              }),
            ],
          },
        }),
        accepted("one", { count: 5 }),
        mergePatch(`${gadgets}/one`, { spec: { count: 4 } }, { status: 422 }),
      ],
    },
    {
      name: "rules of items tell the item",
      steps: [
        ...install([], {
          parts: {
            type: "array",
            maxItems: 5,
            items: {
              type: "object",
              properties: { low: { type: "integer" }, high: { type: "integer" } },
              "x-kubernetes-validations": [rule("self.low <= self.high", { message: "low is above high" })],
            },
          },
        }),
        post(
          gadgets,
          gadget("bad", {
            spec: {
              parts: [
                { low: 1, high: 2 },
                { low: 3, high: 2 },
              ],
            },
          }),
          {
            status: 422,
            holds: { "details.causes[0].field": "spec.parts[1]" },
          },
        ),
      ],
    },
    {
      name: "a rule on the whole object sees its name",
      steps: [
        post(
          definitions,
          definition(
            {},
            {
              type: "object",
              "x-kubernetes-validations": [
                rule("self.metadata.name.startsWith('g-')", { message: "name must begin with g-" }),
              ],
              properties: { spec: { type: "object", properties: { min: { type: "integer" } } } },
            },
          ),
          { compare: "status" },
        ),
        post(`${gadgets}?dryRun=All`, gadget("g-probe", {}), { until: true, compare: "status" }),
        post(gadgets, gadget("g-good", {})),
        post(gadgets, gadget("bad", {}), { status: 422, holds: { message: /must begin with g-/ } }),
      ],
    },
    {
      name: "a rule that cannot be decided refuses",
      steps: [
        ...install([rule("self.min / self.max > 0")]),
        post(gadgets, gadget("bad", { spec: { min: 1, max: 0 } }), {
          status: 422,
          holds: { message: /divi(sion|de) by zero|division by zero/ },
          compare: ["reason", "code", "details.causes[].field"],
        }),
      ],
    },
    refusedRule("a rule that cannot be parsed is refused", rule("self.min <=")),
    refusedRule("a rule that names an unknown member is refused", rule("self.nothing == 1")),
    refusedRule("a rule that compares different types is refused", rule("self.min == 'x'")),
    refusedRule("a rule that is no boolean is refused", rule("self.min + 1")),
    {
      name: "an old fault does not hold up updates of other members",
      steps: [
        post(definitions, definition({}, schema([])), { compare: "status" }),
        post(`${gadgets}?dryRun=All`, gadget("probe", {}), { until: true, compare: "status" }),
        accepted("one", { mode: "bad" }),
        mergePatch(
          `${definitions}/gadgets.<group>`,
          {
            spec: {
              versions: [
                {
                  name: "v1",
                  served: true,
                  storage: true,
                  schema: {
                    openAPIV3Schema: {
                      type: "object",
                      properties: {
                        spec: {
                          type: "object",
                          properties: {
                            min: { type: "integer" },
                            mode: {
                              type: "string",
                              "x-kubernetes-validations": [rule("self != 'bad'", { message: "not bad" })],
                            },
                          },
                        },
                      },
                    },
                  },
                },
              ],
            },
          },
          { compare: "status" },
        ),
        post(`${gadgets}?dryRun=All`, gadget("probe", { spec: { mode: "bad" } }), {
          status: 422,
          until: true,
          holds: { message: /not bad/ },
        }),
        mergePatch(`${gadgets}/one`, { spec: { min: 1 } }, { holds: { "spec.min": 1 } }),
        get(`${gadgets}/one`, { holds: { "spec.mode": "bad" } }),
      ],
    },
  ],
};

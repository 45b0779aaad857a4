import { asObject, type JsonValue, jsonEqual } from "@lmos/primitives";

/**
 * The subset of Kubernetes' JSONPath that printer columns use: members (`.spec.x`, `['a.b']`, `.a\.b`), positions
 * (`[0]`, `[-1]`), all items (`[*]`) and filters on a member (`[?(@.type=="Ready")]`).
 */
export type JsonPath = readonly Step[];

type Step =
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "all" }
  | { readonly kind: "filter"; readonly path: JsonPath; readonly equal: boolean; readonly value: JsonValue };

type StepParser = readonly [pattern: RegExp, step: (match: RegExpExecArray) => Step | undefined];

const parsers: readonly StepParser[] = [
  [/^(?:\.\*|\[\*\])/, () => ({ kind: "all" })],
  [/^\.((?:\\.|[^.[\]\\])+)/, ([, name = ""]) => ({ kind: "member", name: name.replaceAll(/\\(.)/g, "$1") })],
  [/^\[(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")\]/, ([, single, double = ""]) => member(single ?? double)],
  [/^\[(-?\d+)\]/, ([, index]) => ({ kind: "index", index: Number(index) })],
  [/^\[\?\(\s*@((?:\\.|[^=!\s])+)\s*(==|!=)\s*(.+?)\s*\)\]/, filter],
];

function member(name: string): Step {
  return { kind: "member", name: name.replaceAll(/\\(.)/g, "$1") };
}

function filter([, path = "", operator, literal = ""]: RegExpExecArray): Step | undefined {
  const steps = parseJsonPath(path);
  const value = parseLiteral(literal);
  if (steps === undefined || value === undefined) return undefined;
  return { kind: "filter", path: steps, equal: operator === "==", value };
}

function parseLiteral(text: string): JsonValue | undefined {
  const quoted = /^'(.*)'$/.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // neither a text nor a number nor a boolean: the path is not well formed
  }
}

/** Reads a path, without braces around it; undefined when it is not well formed or beyond the subset. */
export function parseJsonPath(text: string): JsonPath | undefined {
  const steps: Step[] = [];
  let rest = text === "." ? "" : text;
  while (rest !== "") {
    const [step, length] = parseStep(rest);
    if (step === undefined) return undefined;
    steps.push(step);
    rest = rest.slice(length);
  }
  return steps;
}

function parseStep(text: string): readonly [Step | undefined, number] {
  for (const [pattern, stepOf] of parsers) {
    const match = pattern.exec(text);
    if (match !== null) return [stepOf(match), match[0].length];
  }
  return [undefined, 0];
}

/** Every value that the path leads to, in order; none where a member is missing. */
export function valuesAt(path: JsonPath, value: JsonValue): readonly JsonValue[] {
  return path.reduce<readonly JsonValue[]>(
    (values, step) => values.flatMap((each) => follow(step, each)),
    [value],
  );
}

function follow(step: Step, value: JsonValue): readonly JsonValue[] {
  const items: readonly JsonValue[] = Array.isArray(value) ? value : [];
  switch (step.kind) {
    case "member":
      return present(asObject(value)?.[step.name]);
    case "index":
      return present(items.at(step.index));
    case "all":
      return Array.isArray(value) ? items : Object.values(asObject(value) ?? {});
    case "filter":
      return items.filter((item) => {
        const found = valuesAt(step.path, item)[0];
        return found !== undefined && jsonEqual(found, step.value) === step.equal;
      });
  }
}

function present(value: JsonValue | undefined): readonly JsonValue[] {
  return value === undefined ? [] : [value];
}

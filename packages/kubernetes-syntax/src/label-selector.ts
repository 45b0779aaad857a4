/** Label selectors in their query form: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`. */
import { type LabelToken, labelTokens } from "./label-tokens.ts";
import { labelValue, qualifiedName } from "./names.ts";

/** One requirement of a selector. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: "in" | "notin" | "exists" | "absent" | "greater" | "less";
  readonly values: readonly string[];
}

/** All requirements must hold; none of them: everything is selected. */
export type LabelSelector = readonly LabelRequirement[];

type Labels = Readonly<Record<string, string>>;

/** Reads a selector. Throws a SyntaxError in the words of Kubernetes. */
export function parseLabelSelector(text: string): LabelSelector {
  const parser = new Parser(labelTokens(text));
  return parser.selector();
}

class Parser {
  readonly #tokens: readonly LabelToken[];
  #next = 0;

  constructor(tokens: readonly LabelToken[]) {
    this.#tokens = tokens;
  }

  selector(): LabelSelector {
    const requirements: LabelRequirement[] = [];
    if (this.#token.kind === "end") return requirements;
    if (!this.#beginsRequirement()) throw this.#refused("!, identifier, or 'end of string'");
    for (;;) {
      requirements.push(this.#requirement());
      const after = this.#take();
      if (after.kind === "end") return requirements;
      if (after.text !== ",") throw new SyntaxError(found(after, "',' or 'end of string'"));
      if (!this.#beginsRequirement()) throw this.#refused("identifier after ','");
    }
  }

  get #token(): LabelToken {
    return this.#tokens[this.#next] ?? { kind: "end", text: "" };
  }

  #take(): LabelToken {
    const token = this.#token;
    this.#next += 1;
    return token;
  }

  #beginsRequirement(): boolean {
    return this.#token.kind === "word" || this.#token.text === "!";
  }

  #requirement(): LabelRequirement {
    const isAbsent = this.#token.text === "!";
    if (isAbsent) this.#take();
    const key = this.#take();
    if (key.kind !== "word") throw inRequirement(found(key, "identifier"));
    requireLabel(qualifiedName(key.text), "<nil>", key.text);
    if (isAbsent || this.#endsRequirement()) {
      return { key: key.text, operator: isAbsent ? "absent" : "exists", values: [] };
    }
    return this.#comparison(key.text);
  }

  #endsRequirement(): boolean {
    return this.#token.kind === "end" || this.#token.text === ",";
  }

  #comparison(key: string): LabelRequirement {
    const sign = this.#take();
    const operator = operators.get(sign.text);
    if (operator === undefined) throw inRequirement(found(sign, "in, notin, =, ==, !=, gt, lt"));
    const isSet = sign.kind === "word";
    const values = isSet ? this.#set() : [this.#value()];
    for (const [index, value] of values.entries()) requireValue({ key, operator, value, index });
    return { key, operator, values };
  }

  #value(): string {
    if (this.#endsRequirement()) return "";
    const value = this.#take();
    if (value.kind !== "word") throw inRequirement(found(value, "identifier"));
    return value.text;
  }

  #set(): readonly string[] {
    const open = this.#take();
    if (open.text !== "(") throw inRequirement(`found '${open.text}' expected: '('`);
    const values = [this.#item()];
    for (let token = this.#take(); token.text !== ")"; token = this.#take()) {
      if (token.text !== ",") throw inRequirement(found(token, "',' or ')'"));
      values.push(this.#item());
    }
    return values;
  }

  /** An item of a set may be left out: it is empty then. */
  #item(): string {
    return this.#token.kind === "word" ? this.#take().text : "";
  }

  #refused(expected: string): SyntaxError {
    return new SyntaxError(found(this.#token, expected));
  }
}

const operators: ReadonlyMap<string, LabelRequirement["operator"]> = new Map([
  ["=", "in"],
  ["==", "in"],
  ["!=", "notin"],
  ["in", "in"],
  ["notin", "notin"],
  [">", "greater"],
  ["<", "less"],
]);

function found({ text }: LabelToken, expected: string): string {
  return `found '${text}', expected: ${expected}`;
}

function inRequirement(reason: string): SyntaxError {
  return new SyntaxError(`unable to parse requirement: ${reason}`);
}

interface GivenValue extends Pick<LabelRequirement, "key" | "operator"> {
  readonly value: string;
  readonly index: number;
}

function requireValue({ key, operator, value, index }: GivenValue): void {
  const field = `values[${index}]`;
  const isOrdering = operator === "greater" || operator === "less";
  if (isOrdering && !(isWhole(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value)))
    requireLabel(["for 'Gt', 'Lt' operators, the value must be an integer"], field, value);
  requireLabel(labelValue(value), `${field}[${key}]`, value);
}

function requireLabel(faults: readonly string[], field: string, value: string): void {
  if (faults.length === 0) return;
  throw inRequirement(`${field}: Invalid value: ${JSON.stringify(value)}: ${faults.join("; ")}`);
}

/** True if the labels satisfy every requirement. */
export function selectsLabels(selector: LabelSelector, labels: Labels): boolean {
  return selector.every((requirement) => isSatisfied(requirement, labels[requirement.key]));
}

function isWhole(value: string | undefined): value is string {
  return value !== undefined && /^[+-]?\d+$/.test(value);
}

function isSatisfied({ operator, values }: LabelRequirement, value: string | undefined): boolean {
  switch (operator) {
    case "in":
      return value !== undefined && values.includes(value);
    case "notin":
      return value === undefined || !values.includes(value);
    case "exists":
      return value !== undefined;
    case "absent":
      return value === undefined;
    case "greater":
      return isWhole(value) && values.every((bound) => BigInt(value) > BigInt(bound));
    case "less":
      return isWhole(value) && values.every((bound) => BigInt(value) < BigInt(bound));
    default:
      return operator satisfies never;
  }
}

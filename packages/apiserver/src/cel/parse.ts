/**
 * Reads CEL with the parser of `@bufbuild/cel` and turns its tree into {@link Expression}. What that parser does not
 * know is added here: the optional forms (`a.?b`, `a[?b]`, `optMap`) and macros with two variables.
 */
import { parse } from "@bufbuild/cel";
import type { Expression } from "./expression.ts";
import { expandMacro } from "./macros.ts";
import type { CelValue } from "./values.ts";

/** An expression, or the place and reason of a syntax error. */
export type Parsed =
  | { readonly kind: "parsed"; readonly expression: Expression }
  | { readonly kind: "unreadable"; readonly position: number; readonly reason: string };

type Tree = ReturnType<typeof parse>["expr"];
type Kind<K extends string> = Extract<Tree["exprKind"], { readonly case: K }>["value"];

const maxLength = 16_384;
const maxBrackets = 250; // as in Kubernetes
const maxDepth = 500; // what is deeper could exhaust the stack when it runs

/** Parses one expression. */
export function parseExpression(source: string): Parsed {
  if (source.length > maxLength || nesting(source) > maxBrackets) {
    return { kind: "unreadable", position: 0, reason: "the expression is too long or too deeply nested" };
  }
  const { text, optionalAt } = plainSelections(source);
  try {
    const { expr, sourceInfo } = parse(text);
    const reader = new TreeReader(text, { positions: sourceInfo?.positions ?? {}, optionalAt });
    return { kind: "parsed", expression: reader.read(expr) };
  } catch (thrown) {
    return syntaxError(thrown, source);
  }
}

function syntaxError(thrown: unknown, source: string): Parsed {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const [, line = "1", column = "1", reason = message] = /<input>:(\d+):(\d+): (.*)/.exec(message) ?? [];
  const before = source.split("\n").slice(0, Number(line) - 1);
  const position = before.reduce((sum, each) => sum + each.length + 1, Number(column) - 1);
  return { kind: "unreadable", position, reason: `Syntax error: ${reason}` };
}

const literal = /r?("""[\s\S]*?"""|'''[\s\S]*?'''|"(\\.|[^"\\])*"|'(\\.|[^'\\])*')/y;

/** The source with `.?` and `[?` made plain, every offset kept, and where they were. */
function plainSelections(source: string): {
  readonly text: string;
  readonly optionalAt: ReadonlySet<number>;
} {
  const optionalAt = new Set<number>();
  let text = "";
  for (let at = 0; at < source.length; ) {
    literal.lastIndex = at;
    const quoted = literal.exec(source)?.[0];
    const isOptional = quoted === undefined && /^(\.\?[A-Za-z_]|\[\?)/.test(source.slice(at, at + 3));
    if (isOptional) optionalAt.add(at);
    const piece = quoted ?? (isOptional ? `${source[at]} ` : source.charAt(at));
    text += piece;
    at += piece.length;
  }
  return { text, optionalAt };
}

function nesting(source: string): number {
  let depth = 0;
  let deepest = 0;
  for (const letter of source) {
    if ("([{".includes(letter)) depth += 1;
    if (")]}".includes(letter)) depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

interface Places {
  readonly positions: Readonly<Record<string, number>>;
  readonly optionalAt: ReadonlySet<number>;
}

/** Turns the parser's tree into ours. Throws on trees that no source gives. */
class TreeReader {
  readonly #text: string;
  readonly #places: Places;
  #depth = 0;

  constructor(text: string, places: Places) {
    this.#text = text;
    this.#places = places;
  }

  read(tree: Tree | undefined): Expression {
    if (tree === undefined) throw new Error("an operand is missing");
    if (this.#depth >= maxDepth) throw new Error("the expression is too deeply nested");
    this.#depth += 1;
    const expression = this.#readNode(tree);
    this.#depth -= 1;
    return expression;
  }

  #readNode(tree: Tree): Expression {
    const position = this.#positionOf(tree);
    switch (tree.exprKind.case) {
      case "constExpr":
        return { kind: "constant", position, value: constantOf(tree.exprKind.value) };
      case "identExpr":
        return { kind: "name", position, name: tree.exprKind.value.name.replace(/^\./, "") };
      case "selectExpr":
        return this.#select(tree.exprKind.value, position);
      case "callExpr":
        return this.#call(tree.exprKind.value, position);
      case "listExpr": {
        const elements = tree.exprKind.value.elements.map((each) => this.read(each));
        return { kind: "list", position, elements };
      }
      case "structExpr":
        return this.#struct(tree.exprKind.value, position);
      case "comprehensionExpr":
        return this.#fold(tree.exprKind.value);
      default:
        throw new Error("an expression is missing");
    }
  }

  #select({ operand, field, testOnly }: Kind<"selectExpr">, position: number): Expression {
    const form = testOnly ? "test" : this.#places.optionalAt.has(position) ? "optional" : "value";
    return { kind: "select", position, operand: this.read(operand), field, form };
  }

  #call(call: Kind<"callExpr">, position: number): Expression {
    const isOptional = call.function === "_[_]" && this.#places.optionalAt.has(position);
    return expandMacro({
      kind: "call",
      position: this.#callPosition(call, position),
      function: isOptional ? "_[?_]" : call.function,
      target: call.target === undefined ? undefined : this.read(call.target),
      arguments: call.args.map((each) => this.read(each)),
    });
  }

  /** Errors point at the bracket of a call, and at the question mark of a choice. */
  #callPosition(call: Kind<"callExpr">, position: number): number {
    if (call.function === "_?_:_") return this.#text.indexOf("?", position);
    return /^[A-Za-z]/.test(call.function) ? this.#text.indexOf("(", position) : position;
  }

  #struct({ messageName, entries }: Kind<"structExpr">, position: number): Expression {
    if (messageName !== "") return { kind: "name", position, name: messageName };
    const read = entries.map(({ keyKind, value }): readonly [Expression, Expression] => {
      if (keyKind.case !== "mapKey") throw new Error("a key is missing");
      return [this.read(keyKind.value), this.read(value)];
    });
    return { kind: "map", position, entries: read };
  }

  #fold(fold: Kind<"comprehensionExpr">): Expression {
    const range = this.read(fold.iterRange);
    return {
      kind: "fold",
      position: range.position,
      range,
      variables: [fold.iterVar],
      accumulator: fold.accuVar,
      initial: this.read(fold.accuInit),
      condition: this.read(fold.loopCondition),
      step: this.read(fold.loopStep),
      result: this.read(fold.result),
      overOptional: false,
    };
  }

  /** The parser points at the blanks before an operator. */
  #positionOf(tree: Tree): number {
    const given = this.#places.positions[String(tree.id)] ?? 0;
    const blanks = /^\s*/.exec(this.#text.slice(given))?.[0].length ?? 0;
    return given + blanks;
  }
}

function constantOf({ constantKind }: Kind<"constExpr">): CelValue {
  switch (constantKind.case) {
    case "nullValue":
      return null;
    case "uint64Value":
      return { tag: "uint", bits: constantKind.value };
    case "boolValue":
    case "int64Value":
    case "doubleValue":
    case "stringValue":
    case "bytesValue":
      return constantKind.value;
    default:
      throw new Error("an unknown constant");
  }
}

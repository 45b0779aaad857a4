/**
 * Reads CEL: one method a level of the grammar, from the loosest operator to the tightest. Macros become folds here.
 * Errors are told at the places where Kubernetes tells them: a call's at its bracket, a choice's at its question mark.
 */
import type { Call, Expression } from "./expression.ts";
import { expandMacro } from "./macros.ts";
import { SyntaxFault, type Token, tokensOf } from "./tokens.ts";

/** An expression, or the place and reason of a syntax error. */
export type Parsed =
  | { readonly kind: "parsed"; readonly expression: Expression }
  | { readonly kind: "unreadable"; readonly position: number; readonly reason: string };

const maxLength = 16_384;
const maxBrackets = 250; // as in Kubernetes
const maxDepth = 500; // what is deeper could exhaust the stack when it runs
const tooDeep = "the expression is too long or too deeply nested";

/** Parses one expression. */
export function parseExpression(source: string): Parsed {
  if (source.length > maxLength) return { kind: "unreadable", position: 0, reason: tooDeep };
  try {
    return { kind: "parsed", expression: new Parser(tokensOf(source)).whole() };
  } catch (thrown) {
    if (!(thrown instanceof SyntaxFault)) throw thrown;
    const { position, message } = thrown;
    return {
      kind: "unreadable",
      position,
      reason: message === tooDeep ? message : `Syntax error: ${message}`,
    };
  }
}

/** As the parser of Kubernetes names all that may begin an expression. */
const startOfExpression =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

const reserved: ReadonlySet<string> = new Set(
  "as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

const relations = ["<", "<=", ">=", ">", "==", "!=", "in"];
const sums = ["+", "-"];
const products = ["*", "/", "%"];

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #brackets = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#expression();
    if (this.#token.kind !== "end") throw this.#unexpected();
    return expression;
  }

  #expression(): Expression {
    const condition = this.#logic("||", () => this.#logic("&&", () => this.#relation()));
    const mark = this.#taken("?");
    if (mark === undefined) return condition;
    const one = this.#deeper(() => this.#logic("||", () => this.#logic("&&", () => this.#relation())));
    this.#take(":");
    const other = this.#deeper(() => this.#expression());
    return operation("_?_:_", mark.at, [condition, one, other]);
  }

  /** A chain of one logical operator is one call of all its operands. */
  #logic(sign: "||" | "&&", operand: () => Expression): Expression {
    const operands = [operand()];
    const { at } = this.#token;
    while (this.#taken(sign) !== undefined) operands.push(operand());
    const [only] = operands;
    return only !== undefined && operands.length === 1 ? only : operation(`_${sign}_`, at, operands);
  }

  #relation(): Expression {
    return this.#chain(relations, () => this.#chain(sums, () => this.#chain(products, () => this.#unary())));
  }

  /** Operators of the same rank, from left to right. */
  #chain(signs: readonly string[], operand: () => Expression): Expression {
    const depth = this.#depth;
    let left = operand();
    for (let sign = this.#takenOf(signs); sign !== undefined; sign = this.#takenOf(signs)) {
      this.#descend();
      const name = sign.text === "in" ? "@in" : `_${sign.text}_`;
      left = operation(name, sign.at, [left, operand()]);
    }
    this.#depth = depth;
    return left;
  }

  #unary(): Expression {
    const first = this.#takenOf(["!", "-"]);
    if (first === undefined) return this.#member();
    const negated = first.text === "-" ? this.#negatedLiteral(first) : undefined;
    if (negated !== undefined) return negated;
    let count = 1;
    while (this.#taken(first.text) !== undefined) count += 1;
    const operand = this.#member();
    return count % 2 === 0 ? operand : operation(first.text === "!" ? "!_" : "-_", first.at, [operand]);
  }

  #negatedLiteral({ at }: Token): Expression | undefined {
    const token = this.#token;
    if (token.kind !== "literal") return undefined;
    const { value } = token;
    if (typeof value !== "number" && typeof value !== "bigint") return undefined;
    this.#next += 1;
    return this.#selections(constant({ ...token, at, value: -value }));
  }

  #member(): Expression {
    return this.#selections(this.#primary());
  }

  #selections(start: Expression): Expression {
    const depth = this.#depth;
    let expression = start;
    for (let sign = this.#takenOf([".", "["]); sign !== undefined; sign = this.#takenOf([".", "["])) {
      this.#descend();
      expression = sign.text === "." ? this.#select(expression, sign) : this.#index(expression, sign);
    }
    this.#depth = depth;
    return expression;
  }

  #select(operand: Expression, dot: Token): Expression {
    const isOptional = this.#taken("?") !== undefined;
    const field = this.#name();
    if (!isOptional && this.#token.text === "(" && this.#token.kind === "sign") {
      return this.#call(field.text, operand);
    }
    const form = isOptional ? "optional" : "value";
    return { kind: "select", position: dot.at, operand, field: field.text, form };
  }

  #index(operand: Expression, bracket: Token): Expression {
    const isOptional = this.#taken("?") !== undefined;
    const key = this.#inBrackets(() => this.#expression(), "]");
    return operation(isOptional ? "_[?_]" : "_[_]", bracket.at, [operand, key]);
  }

  #call(name: string, target: Expression | undefined): Expression {
    const { at } = this.#take("(");
    const given = this.#inBrackets(() => this.#items(")", () => this.#expression()), ")");
    const call: Call = { kind: "call", position: at, function: name, target, arguments: given };
    const expanded = expandMacro(call);
    if (expanded.kind === "unreadable") throw new SyntaxFault(expanded.position, expanded.reason);
    return expanded;
  }

  #primary(): Expression {
    const token = this.#token;
    switch (token.kind) {
      case "literal":
        this.#next += 1;
        return constant(token);
      case "name":
        return this.#named();
      case "sign":
        return this.#signed(token);
      case "end":
        throw this.#unexpected();
      default:
        return token satisfies never;
    }
  }

  #signed(token: Token): Expression {
    this.#next += 1;
    switch (token.text) {
      case "(":
        return this.#inBrackets(() => this.#expression(), ")");
      case "[": {
        const elements = this.#inBrackets(() => this.#items("]", () => this.#expression()), "]");
        return { kind: "list", position: token.at, elements };
      }
      case "{": {
        const entries = this.#inBrackets(() => this.#items("}", () => this.#entry()), "}");
        return { kind: "map", position: token.at, entries };
      }
      case ".":
        return this.#named(); // a name from the root: there are no containers here
      default:
        this.#next -= 1;
        throw this.#unexpected();
    }
  }

  #named(): Expression {
    const name = this.#name();
    if (reserved.has(name.text)) throw new SyntaxFault(name.at, `reserved identifier: ${name.text}`);
    if (this.#token.kind === "sign" && this.#token.text === "(") return this.#call(name.text, undefined);
    return { kind: "name", position: name.at, name: name.text };
  }

  #entry(): readonly [Expression, Expression] {
    const key = this.#expression();
    this.#take(":");
    return [key, this.#expression()];
  }

  /** Items between commas; the last comma of a literal may stand before its end. */
  #items<T>(end: string, item: () => T): readonly T[] {
    const items: T[] = [];
    while (this.#token.text !== end || this.#token.kind !== "sign") {
      items.push(item());
      if (this.#taken(",") === undefined) break;
      if (end === ")" && this.#token.text === end) throw this.#unexpected();
    }
    return items;
  }

  #inBrackets<T>(read: () => T, end: string): T {
    this.#brackets += 1;
    if (this.#brackets > maxBrackets) throw new SyntaxFault(0, tooDeep);
    const value = this.#deeper(read);
    this.#take(end);
    this.#brackets -= 1;
    return value;
  }

  #deeper<T>(read: () => T): T {
    this.#descend();
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #descend(): void {
    this.#depth += 1;
    if (this.#depth > maxDepth) throw new SyntaxFault(0, tooDeep);
  }

  get #token(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", at: 0, text: "" };
  }

  #takenOf(signs: readonly string[]): Token | undefined {
    const token = this.#token;
    const isSign = token.kind === "sign" || (token.kind === "name" && token.text === "in");
    if (!isSign || !signs.includes(token.text)) return undefined;
    this.#next += 1;
    return token;
  }

  #taken(sign: string): Token | undefined {
    return this.#takenOf([sign]);
  }

  #take(sign: string): Token {
    const token = this.#taken(sign);
    if (token === undefined) throw this.#unexpected(sign);
    return token;
  }

  #name(): Token {
    const token = this.#token;
    if (token.kind !== "name" || token.text === "in") throw this.#unexpected("a name");
    this.#next += 1;
    return token;
  }

  #unexpected(wanted = startOfExpression): SyntaxFault {
    const { kind, at, text } = this.#token;
    const found = kind === "end" ? "<EOF>" : text;
    return new SyntaxFault(at, `mismatched input '${found}' expecting ${wanted}`);
  }
}

function operation(name: string, position: number, operands: readonly Expression[]): Expression {
  return { kind: "call", position, function: name, target: undefined, arguments: operands };
}

const least = -(2n ** 63n);

/** A literal, whose number must fit its 64 bits. Throws a {@link SyntaxFault}. */
function constant(token: Extract<Token, { kind: "literal" }>): Expression {
  const { at, text, value } = token;
  const isInt = typeof value === "bigint" && (value < least || value >= -least);
  const isUint = typeof value === "object" && value !== null && "bits" in value;
  if (isInt) throw new SyntaxFault(at, `invalid int literal: ${text}`);
  if (value === Number.POSITIVE_INFINITY) throw new SyntaxFault(at, `invalid double literal: ${text}`);
  if (isUint && typeof value.bits === "bigint" && value.bits >= 2n ** 64n) {
    throw new SyntaxFault(at, `invalid uint literal: ${text}`);
  }
  return { kind: "constant", position: at, value };
}

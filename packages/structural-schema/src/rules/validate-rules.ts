/** Runs the validation rules of a custom resource on an object, beside its old state, within a budget. */

import { Budget, type CelFault, type CelValue, isFault, none, some } from "@lmos/cel";
import { isRecord, jsonEqual } from "@lmos/primitives";
import { childPath, type FieldError, type FieldErrorKind } from "../field-error.ts";
import { correlatedItems } from "../list-keys.ts";
import type { ValidationRule } from "../structural-schema.ts";
import type { CompiledRule, RuleNode } from "./rule-tree.ts";
import { celValueOf } from "./schema-type.ts";

/** What one rule and all rules of one object may cost, as in Kubernetes. */
const callLimit = 1_000_000;
const objectLimit = 10_000_000;
const maxMessageBytes = 5 * 1024;

const outOfBudget =
  "validation failed due to running out of cost budget, no further validation rules will be run";

/** The violations of all rules; `old` is undefined for an object that is new. */
export function validateRules(root: RuleNode, object: unknown, old: unknown): readonly FieldError[] {
  const run = new RuleRun();
  run.visit(root, {
    path: "",
    value: object,
    old,
    isUnchanged: () => old !== undefined && jsonEqual(object, old),
  });
  return run.errors;
}

interface Place {
  readonly path: string;
  readonly value: unknown;
  /** The old value; undefined if there was none, or it can't be told which it was. */
  readonly old: unknown;
  /** A fault that was there before is no reason to refuse a change elsewhere. */
  readonly isUnchanged: () => boolean;
}

class RuleRun {
  readonly errors: FieldError[] = [];
  #left = objectLimit;
  #isOver = false;

  visit(node: RuleNode, place: Place): void {
    if (this.#isOver || place.value === null || place.value === undefined) return;
    this.#runRules(node, place);
    if (Array.isArray(place.value)) this.#visitItems(node, place, place.value);
    else if (isRecord(place.value)) this.#visitMembers(node, place, place.value);
  }

  #visitItems(node: RuleNode, place: Place, items: readonly unknown[]): void {
    const { items: inner } = node;
    if (inner === undefined) return;
    const oldOf = correlatedItems(node.schema, place.old);
    items.forEach((value, index) => {
      const old = oldOf(value);
      this.visit(inner, {
        path: `${place.path}[${index}]`,
        value,
        old,
        isUnchanged: unchanged(place, value, old),
      });
    });
  }

  #visitMembers(node: RuleNode, place: Place, members: Readonly<Record<string, unknown>>): void {
    const before = isRecord(place.old) ? place.old : {};
    for (const [key, value] of Object.entries(members)) {
      const old = before[key] ?? undefined;
      const inner = { value, old, isUnchanged: unchanged(place, value, old) };
      const property = node.properties.get(key);
      if (node.additionalProperties !== undefined) {
        this.visit(node.additionalProperties, { ...inner, path: `${place.path}[${key}]` });
      }
      if (property !== undefined) this.visit(property, { ...inner, path: childPath(place.path, key) });
    }
  }

  #runRules(node: RuleNode, place: Place): void {
    if (node.rules.length === 0) return;
    const self = celValueOf(node.schema, place.value);
    const oldSelf = place.old === undefined ? undefined : celValueOf(node.schema, place.old);
    for (const rule of node.rules) {
      if (this.#isOver) return;
      const isOptional = rule.source.optionalOldSelf === true;
      if (rule.usesOldSelf && oldSelf === undefined && !isOptional) continue;
      const variables = new Map<string, CelValue>([["self", self]]);
      if (isOptional) variables.set("oldSelf", oldSelf === undefined ? none : some(oldSelf));
      else if (oldSelf !== undefined) variables.set("oldSelf", oldSelf);
      this.#runRule(rule, variables, { node, place });
    }
  }

  #runRule(
    rule: CompiledRule,
    variables: ReadonlyMap<string, CelValue>,
    { node, place }: { readonly node: RuleNode; readonly place: Place },
  ): void {
    const value = node.schema.type ?? "";
    const report = (detail: string) =>
      this.errors.push({ kind: "Invalid", field: place.path, value, detail });
    const result = this.#spend((budget) => rule.program.run(variables, budget));
    if (result === undefined) return void report(outOfBudget);
    if (isFault(result)) {
      this.#isOver = result.isFinal === true;
      return void report(faultText(result, rule.source));
    }
    if (result === true) return;
    const message = this.#messageOf(rule, variables);
    const field = rule.fieldPath === "" ? place.path : childPath(place.path, rule.fieldPath);
    if (!rule.usesOldSelf && place.isUnchanged()) return;
    this.errors.push(violation(rule.source, { field, value, detail: message }));
  }

  /** Runs something at the cost of the object's budget; undefined if that is used up. */
  #spend(run: (budget: Budget) => CelValue | CelFault): CelValue | CelFault | undefined {
    const allowed = Math.min(callLimit, this.#left);
    const budget = new Budget(allowed);
    const result = run(budget);
    this.#left -= allowed - budget.left;
    if (this.#left >= 0 || allowed === callLimit) return result;
    this.#isOver = true;
    return undefined;
  }

  #messageOf({ source, message }: CompiledRule, variables: ReadonlyMap<string, CelValue>): string {
    const result =
      message === undefined ? undefined : this.#spend((budget) => message.run(variables, budget));
    const text = typeof result === "string" ? result.trim() : "";
    const isUsable = text !== "" && Buffer.byteLength(text) <= maxMessageBytes && !text.includes("\n");
    if (isUsable) return text;
    return source.message ? source.message.trim() : `failed rule: ${source.rule.trim()}`;
  }
}

/** How a value's place among others is judged: by its own old state, else by that of what holds it. */
function unchanged(place: Place, value: unknown, old: unknown): () => boolean {
  return () => (old === undefined ? place.isUnchanged() : jsonEqual(value, old));
}

function faultText({ message, isFinal }: CelFault, { rule, message: given }: ValidationRule): string {
  const shown = (given || rule).trim();
  if (isFinal === true) {
    return `'${message}': no further validation rules will be run due to call cost exceeds limit for rule: ${shown}`;
  }
  if (!message.startsWith("no such overload")) return `${message} evaluating rule: ${shown}`;
  return `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${shown}`;
}

const kinds: Readonly<Record<string, FieldErrorKind>> = {
  FieldValueForbidden: "Forbidden",
  FieldValueRequired: "Required",
  FieldValueDuplicate: "Duplicate",
};

function violation(
  { reason = "" }: ValidationRule,
  { field, value, detail }: { readonly field: string; readonly value: string; readonly detail: string },
): FieldError {
  const kind = kinds[reason] ?? "Invalid";
  return { kind, field, value, detail: kind === "Duplicate" ? "" : detail };
}

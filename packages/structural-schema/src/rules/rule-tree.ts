/**
 * The validation rules of a schema (`x-kubernetes-validations`), compiled: a tree of the parts of the schema that have
 * rules, and the faults of those that can't be used, worded as kube-apiserver words them.
 */

import { boolType, type CelType, compile, optionalOf, type Program, stringType } from "@lmos/cel";
import { isRecord, type JsonValue } from "@lmos/primitives";
import { childPath, type FieldError } from "../field-error.ts";
import type { StructuralSchema, ValidationRule } from "../structural-schema.ts";
import { fieldPathIn } from "./field-path.ts";
import { celTypeOf, withObjectMembers } from "./schema-type.ts";

/** A rule that is ready to run. */
export interface CompiledRule {
  readonly source: ValidationRule;
  readonly program: Program;
  readonly usesOldSelf: boolean;
  readonly message: Program | undefined;
  /** Where its violations are reported, below the value that it is about; `""` for that value itself. */
  readonly fieldPath: string;
}

/** A part of a schema that has rules, or holds parts that do. */
export interface RuleNode {
  /** As the rules see it. */
  readonly schema: StructuralSchema;
  readonly rules: readonly CompiledRule[];
  readonly items: RuleNode | undefined;
  readonly additionalProperties: RuleNode | undefined;
  readonly properties: ReadonlyMap<string, RuleNode>;
}

/** The rules of a schema and what is wrong with them; without a tree if there are none. */
export interface RuleTree {
  readonly root: RuleNode | undefined;
  readonly errors: readonly FieldError[];
}

/** Compiles all rules of the schema of a custom resource, which stands at `path`. */
export function compileRules(schema: StructuralSchema, path: string): RuleTree {
  if (!hasRules(schema)) return { root: undefined, errors: [] };
  const errors: FieldError[] = [];
  const root = compileNode(withObjectMembers(schema), { path, atomicAt: undefined }, errors);
  return { root, errors };
}

interface Place {
  readonly path: string;
  /** The list whose items can't be told from each other, if the schema is below one. */
  readonly atomicAt: string | undefined;
}

function hasRules(schema: StructuralSchema): boolean {
  const { items, properties = {}, additionalProperties } = schema;
  if ((schema["x-kubernetes-validations"] ?? []).length > 0) return true;
  const inner = [items, additionalProperties, ...Object.values(properties)];
  return inner.some((each) => isRecord(each) && hasRules(each));
}

function compileNode(given: StructuralSchema, place: Place, errors: FieldError[]): RuleNode | undefined {
  if (!hasRules(given)) return undefined;
  const schema = given["x-kubernetes-embedded-resource"] === true ? withObjectMembers(given) : given;
  const inner = (child: unknown, path: string, atomicAt = place.atomicAt) =>
    isRecord(child) ? compileNode(child, { path: childPath(place.path, path), atomicAt }, errors) : undefined;
  const isListMap = schema["x-kubernetes-list-type"] === "map";
  const properties = Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const node = inner(property, `properties[${key}]`);
    return node === undefined ? [] : [[key, node] as const];
  });
  return {
    schema,
    rules: rulesOf(schema, place, errors),
    items: inner(schema.items, "items", place.atomicAt ?? (isListMap ? undefined : place.path)),
    additionalProperties: inner(schema.additionalProperties, "additionalProperties"),
    properties: new Map(properties),
  };
}

function rulesOf(schema: StructuralSchema, place: Place, errors: FieldError[]): readonly CompiledRule[] {
  const self = celTypeOf(schema, "selfType");
  return (schema["x-kubernetes-validations"] ?? []).flatMap((source, index) => {
    const path = `${childPath(place.path, "x-kubernetes-validations")}[${index}]`;
    const outcome = formErrors(schema, source, path);
    if (outcome.length === 0 && self !== undefined) {
      const compiled = compileRule({ schema, source, self }, { ...place, path });
      if ("program" in compiled) return [compiled];
      errors.push(...compiled);
    }
    errors.push(...outcome);
    return [];
  });
}

interface Subject {
  readonly schema: StructuralSchema;
  readonly source: ValidationRule;
  readonly self: CelType;
}

function compileRule({ schema, source, self }: Subject, place: Place): CompiledRule | readonly FieldError[] {
  const old = source.optionalOldSelf === true ? optionalOf(self) : self;
  const variables = new Map([
    ["self", self],
    ["oldSelf", old],
  ]);
  const refused = (member: string, detail: string): FieldError[] => [
    { kind: "Invalid", field: `${place.path}.${member}`, value: shownRule(source), detail },
  ];
  const rule = compile(source.rule, variables);
  if (rule.kind === "faulty") {
    return [
      ...refused("rule", `compilation failed: ${rule.message}`),
      ...oldSelfErrors(source, false, place),
    ];
  }
  if (rule.program.type !== boolType) return refused("rule", "cel expression must evaluate to a bool");
  const usesOldSelf = rule.program.names.has("oldSelf");
  const misuse = oldSelfErrors(source, usesOldSelf, place);
  if (misuse.length > 0) return misuse;
  const message = source.messageExpression ? compile(source.messageExpression, variables) : undefined;
  if (message?.kind === "faulty") {
    return refused("messageExpression", `messageExpression compilation failed: ${message.message}`);
  }
  if (message !== undefined && message.program.type !== stringType) {
    return refused("messageExpression", "messageExpression must evaluate to a string");
  }
  const fieldPath = fieldPathIn(schema, source.fieldPath ?? "") ?? "";
  return { source, program: rule.program, usesOldSelf, message: message?.program, fieldPath };
}

function oldSelfErrors(
  source: ValidationRule,
  usesOldSelf: boolean,
  { path, atomicAt }: Place,
): readonly FieldError[] {
  if (usesOldSelf && atomicAt !== undefined) {
    const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${atomicAt}`;
    return [{ kind: "Invalid", field: `${path}.rule`, value: source.rule, detail }];
  }
  if (usesOldSelf || source.optionalOldSelf === undefined) return [];
  const detail = "may not be set if oldSelf is not used in rule";
  return [{ kind: "Invalid", field: `${path}.optionalOldSelf`, value: source.optionalOldSelf, detail }];
}

/** The rule as Go shows it. */
function shownRule(rule: ValidationRule): JsonValue {
  return {
    Rule: rule.rule,
    Message: rule.message ?? "",
    MessageExpression: rule.messageExpression ?? "",
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? "",
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  };
}

const reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];
const lineBreak = /[\n\r]/;

/** What is wrong with a rule before it is compiled. */
function formErrors(schema: StructuralSchema, source: ValidationRule, path: string): readonly FieldError[] {
  const errors: FieldError[] = [...textErrors(source, path)];
  const { messageExpression, reason, fieldPath = "" } = source;
  if (messageExpression && messageExpression.trim() === "") {
    errors.push(required(`${path}.messageExpression`, "messageExpression must be non-empty if specified"));
  }
  if (reason !== undefined && !reasons.includes(reason)) {
    const detail = `supported values: ${reasons.map((each) => JSON.stringify(each)).join(", ")}`;
    errors.push({ kind: "NotSupported", field: `${path}.reason`, value: reason, detail });
  }
  const invalidPath = (detail: string) =>
    errors.push({ kind: "Invalid", field: `${path}.fieldPath`, value: fieldPath, detail });
  if (fieldPath !== "" && fieldPath.trim() === "") invalidPath("must be non-empty if specified");
  if (lineBreak.test(fieldPath)) invalidPath("must not contain line breaks");
  if (fieldPath !== "" && fieldPathIn(schema, fieldPath) === undefined) invalidPath("must be a valid path");
  return errors;
}

function textErrors({ rule, message = "" }: ValidationRule, path: string): readonly FieldError[] {
  const invalidMessage = (detail: string): FieldError[] => [
    { kind: "Invalid", field: `${path}.message`, value: message, detail },
  ];
  if ((rule ?? "").trim() === "") return [required(`${path}.rule`, "rule is not specified")];
  if (message !== "" && message.trim() === "") return invalidMessage("must be non-empty if specified");
  if (lineBreak.test(message.trim())) return invalidMessage("must not contain line breaks");
  if (!lineBreak.test(rule.trim()) || message !== "") return [];
  return [required(`${path}.message`, "message must be specified if rule contains line breaks")];
}

function required(field: string, detail: string): FieldError {
  return { kind: "Required", field, detail };
}

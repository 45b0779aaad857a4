import { labelValue, qualifiedName } from "@lmos/kubernetes-syntax";
import { type JsonObject, listAt, objectsAt, textAt, textMapAt, textsAt } from "@lmos/primitives";
import { type FieldError, forbidden, invalid, required } from "@lmos/structural-schema";

/** Selectors of labels, as objects hold them. */

/** What is wrong with labels. */
export function labelErrors(labels: Readonly<Record<string, string>>, field: string): readonly FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...qualifiedName(key).map((detail) => invalid(field, key, detail)),
    ...labelValue(value).map((detail) => invalid(field, value, detail)),
  ]);
}

/** What is wrong with a selector (`matchLabels`, `matchExpressions`) at `path`. */
export function selectorErrors(selector: JsonObject, path: string): readonly FieldError[] {
  return [
    ...labelErrors(textMapAt(selector, "matchLabels"), `${path}.matchLabels`),
    ...objectsAt(selector, "matchExpressions").flatMap((each, index) =>
      expressionErrors(each, `${path}.matchExpressions[${index}]`),
    ),
  ];
}

function expressionErrors(expression: JsonObject, path: string): readonly FieldError[] {
  const { key, operator } = expression;
  const count = listAt(expression, "values").length;
  const keyErrors = qualifiedName(String(key)).map((detail) => invalid(`${path}.key`, key, detail));
  switch (operator) {
    case "In":
    case "NotIn":
      if (count > 0) return keyErrors;
      return [
        required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"),
        ...keyErrors,
      ];
    case "Exists":
    case "DoesNotExist":
      if (count === 0) return keyErrors;
      return [
        forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
        ...keyErrors,
      ];
    default:
      return [invalid(`${path}.operator`, operator, "not a valid selector operator"), ...keyErrors];
  }
}

/** True if a selector without faults matches the labels. */
export function selectorMatches(selector: JsonObject, labels: Readonly<Record<string, string>>): boolean {
  const isEqual = Object.entries(textMapAt(selector, "matchLabels")).every(
    ([key, value]) => labels[key] === value,
  );
  return isEqual && objectsAt(selector, "matchExpressions").every((each) => expressionMatches(each, labels));
}

function expressionMatches(expression: JsonObject, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[textAt(expression, "key") ?? ""];
  const isListed = value !== undefined && textsAt(expression, "values").includes(value);
  switch (expression["operator"]) {
    case "In":
      return isListed;
    case "NotIn":
      return !isListed;
    case "Exists":
      return value !== undefined;
    default:
      return value === undefined;
  }
}

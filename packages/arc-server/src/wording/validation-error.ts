/**
 * Errors of validation in the words that callers of ARC's servers know, which are those of graphql-java. What has no row in
 * the table keeps the words of graphql-js.
 */
import { type ASTNode, type DocumentNode, type GraphQLError, getLocation } from "graphql";
import { enclosing, type NodePlace, pathOf, placesOf } from "./node-place.ts";
import type { OperationError } from "./operation-error.ts";

/** One kind of fault: how graphql-js tells it, and how graphql-java does. */
interface Wording {
  readonly told: RegExp;
  /** graphql-java's name of the fault. */
  readonly fault: string;
  readonly text: (found: readonly string[], place: NodePlace) => string;
  /** Of the nodes that graphql-js names, the one that counts: the first unless it is said. */
  readonly at?: "last" | undefined;
  /** The node that is told of is around the one that graphql-js names. */
  readonly around?: string | undefined;
  readonly hasPath?: false | undefined;
}

const wordings: readonly Wording[] = [
  {
    told: /^Cannot query field "(\w+)" on type "(\w+)"/,
    fault: "FieldUndefined",
    text: ([field, type]) => `Field '${field}' in type '${type}' is undefined`,
  },
  {
    told: /^Unknown argument "(\w+)" on field /,
    fault: "UnknownArgument",
    text: ([argument]) => `Unknown field argument '${argument}'`,
  },
  {
    told: /^Unknown argument "(\w+)" on directive /,
    fault: "UnknownDirective",
    text: ([argument]) => `Unknown directive argument '${argument}'`,
  },
  {
    told: /^Argument "@\w+\((\w+):\)" of type "[^"]+" is required/,
    fault: "MissingDirectiveArgument",
    text: ([argument]) => `Missing directive argument '${argument}'`,
  },
  {
    told: /^Argument "[^"(]+\((\w+):\)" of type "[^"]+" is required/,
    fault: "MissingFieldArgument",
    text: ([argument]) => `Missing field argument '${argument}'`,
  },
  {
    told: /^There can be only one argument named "(\w+)"/,
    fault: "DuplicateArgumentNames",
    text: ([argument]) => `There can be only one argument named '${argument}'`,
    around: "Field",
  },
  {
    told: /^Field "(\w+)" of type "([^"]+)" must have a selection of subfields/,
    fault: "SubselectionRequired",
    text: ([field, type]) => `Subselection required for type '${type}' of field '${field}'`,
  },
  {
    told: /^Field "(\w+)" must not have a selection since type "([^"]+)"/,
    fault: "SubselectionNotAllowed",
    text: ([field, type]) => `Subselection not allowed on leaf type '${type}' of field '${field}'`,
    around: "Field",
  },
  {
    told: /^Unknown directive "@(\w+)"/,
    fault: "UnknownDirective",
    text: ([directive]) => `Unknown directive '${directive}'`,
  },
  {
    told: /^Directive "@(\w+)" may not be used on /,
    fault: "MisplacedDirective",
    text: ([directive]) => `Directive '${directive}' not allowed here`,
  },
  {
    told: /^The directive "@(\w+)" can only be used once/,
    fault: "DuplicateDirectiveName",
    text: ([directive], place) =>
      "Non repeatable directives must be uniquely named within a location. " +
      `The directive '${directive}' used on a '${place.at(-2)?.kind}' is not unique`,
    at: "last",
  },
  {
    told: /^Unknown fragment "(\w+)"/,
    fault: "UndefinedFragment",
    text: ([fragment]) => `Undefined fragment '${fragment}'`,
    around: "FragmentSpread",
  },
  {
    told: /^Fragment "(\w+)" is never used/,
    fault: "UnusedFragment",
    text: ([fragment]) => `Unused fragment '${fragment}'`,
    hasPath: false,
  },
  {
    told: /^There can be only one fragment named "(\w+)"/,
    fault: "DuplicateFragmentName",
    text: ([fragment]) => `There can be only one fragment named '${fragment}'`,
    at: "last",
    around: "FragmentDefinition",
  },
  {
    told: /^Fragment ("\w+" )?cannot be spread here as objects of type "(\w+)" can never be of type "(\w+)"/,
    fault: "InvalidFragmentType",
    text: ([fragment = "", type, other]) =>
      `Fragment ${fragment.replaceAll('"', "'")}cannot be spread here as objects of type '${type}' can never be of type '${other}'`,
  },
  {
    told: /^Cannot spread fragment "\w+" within itself/,
    fault: "FragmentCycle",
    text: () => "Fragment cycles not allowed",
    around: "FragmentDefinition",
  },
  {
    told: /^Fragment cannot condition on non composite type/,
    fault: "InlineFragmentTypeConditionInvalid",
    text: () => "Inline fragment type condition is invalid, must be on Object/Interface/Union",
    around: "InlineFragment",
  },
  {
    told: /^Fragment "\w+" cannot condition on non composite type/,
    fault: "FragmentTypeConditionInvalid",
    text: () => "Fragment type condition is invalid, must be on Object/Interface/Union",
    around: "FragmentDefinition",
  },
  {
    told: /^Unknown type "(\w+)"/,
    fault: "UnknownType",
    text: ([type]) => `Unknown type '${type}'`,
  },
  {
    told: /^Variable "\$(\w+)" is not defined/,
    fault: "UndefinedVariable",
    text: ([variable]) => `Undefined variable '${variable}'`,
  },
  {
    told: /^Variable "\$(\w+)" is never used/,
    fault: "UnusedVariable",
    text: ([variable]) => `Unused variable '${variable}'`,
  },
  {
    told: /^Variable "\$(\w+)" cannot be non-input type "\W*(\w+)/,
    fault: "NonInputTypeOnVariable",
    text: ([variable, type]) => `Input variable '${variable}' type '${type}' is not an input type`,
    around: "VariableDefinition",
  },
  {
    told: /^Variable "\$(\w+)" of type "([^"]+)" used in position expecting type "([^"]+)"/,
    fault: "VariableTypeMismatch",
    text: ([variable, type, wanted]) =>
      `Variable '${variable}' of type '${type}' used in position expecting type '${wanted}'`,
    at: "last",
  },
  {
    told: /^There can be only one variable named "\$(\w+)"/,
    fault: "DuplicateVariableName",
    text: ([variable]) => `There can be only one variable named '${variable}'`,
    at: "last",
    around: "VariableDefinition",
  },
  {
    told: /^There can be only one operation named "(\w+)"/,
    fault: "DuplicateOperationName",
    text: ([operation]) => `There can be only one operation named '${operation}'`,
    at: "last",
    around: "OperationDefinition",
  },
  {
    told: /^This anonymous operation must be the only defined operation/,
    fault: "LoneAnonymousOperationViolation",
    text: () => "Anonymous operation with other operations",
  },
  {
    told: /^(?:Anonymous Subscription|Subscription "(\w+)") must select only one top level field/,
    fault: "SubscriptionMultipleRootFields",
    text: ([operation = "null"]) => `Subscription operation '${operation}' must have exactly one root field`,
    around: "OperationDefinition",
    hasPath: false,
  },
  {
    told: /^(?:Anonymous Subscription|Subscription "(\w+)") must not select an introspection top level field/,
    fault: "SubscriptionIntrospectionRootField",
    text: ([operation = "null"], place) =>
      `Subscription operation '${operation}' root field '${pathOf(place).at(-1)}' cannot be an introspection field`,
    hasPath: false,
  },
  {
    told: /^The schema definition is not executable/,
    fault: "NonExecutableDefinition",
    text: () => "Schema definition is not executable",
  },
  {
    told: /^The "(\w+)" definition is not executable/,
    fault: "NonExecutableDefinition",
    text: ([type]) => `Type '${type}' definition is not executable`,
  },
];

const unused = / is never used/;
const noMutations = /^The mutation operation is not supported by the schema/;

/** Rewords the errors that `validate` found in that document. */
export function validationErrors(
  errors: readonly GraphQLError[],
  document: DocumentNode,
): readonly OperationError[] {
  const places = placesOf(document, new Set(errors.flatMap(({ nodes = [] }) => nodes)));
  const reworded = withoutFurtherRoots(errors).map((error) => reword(error, places));
  return reworded.toSorted(byPlace).map(({ told }) => told);
}

const manyRoots = /^((?:Anonymous )?Subscription\b.*) must select only one top level field/;

/** graphql-java looks no further at an operation that has several roots: not at whether one of them is of introspection. */
function withoutFurtherRoots(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  const operations = errors.flatMap(({ message }) => manyRoots.exec(message)?.[1] ?? []);
  return errors.filter(
    ({ message }) =>
      !operations.some((name) => message === `${name} must not select an introspection top level field.`),
  );
}

/** graphql-java tells the faults in the order of the document, and what is unused after all others. */
function byPlace(one: Reworded, other: Reworded): number {
  const late = Number(one.isLate) - Number(other.isLate);
  return late === 0 ? one.at - other.at : late;
}

interface Reworded {
  readonly told: OperationError;
  /** Where in the text of the document. */
  readonly at: number;
  readonly isLate: boolean;
}

type Places = ReadonlyMap<ASTNode, NodePlace>;

function reword(error: GraphQLError, places: Places): Reworded {
  const wording = wordings.find(({ told }) => told.test(error.message));
  const place = placeFor(error, places, wording?.at);
  const at = toldNode(place, wording?.around)?.loc?.start ?? 0;
  const isLate = unused.test(error.message);
  if (wording !== undefined) return { told: say(wording, error, place), at, isLate };
  if (!noMutations.test(error.message)) return { told: error, at, isLate };
  const message = "Schema is not configured for mutations.";
  return { told: { message, locations: locationsOf(place.at(-1)) }, at, isLate };
}

function placeFor({ nodes = [] }: GraphQLError, places: Places, at?: "last" | undefined): NodePlace {
  const node = at === "last" ? nodes.at(-1) : nodes[0];
  return node === undefined ? [] : (places.get(node) ?? [node]);
}

function toldNode(place: NodePlace, around: string | undefined): ASTNode | undefined {
  return around === undefined ? place.at(-1) : enclosing(place, around);
}

function say(wording: Wording, { message }: GraphQLError, place: NodePlace): OperationError {
  const { fault, told, text, around } = wording;
  const found = told.exec(message)?.slice(1) ?? [];
  const path = wording.hasPath === false ? "" : pathOf(place).join("/");
  const node = toldNode(place, around);
  return {
    message: `Validation error (${fault}${path === "" ? "" : `@[${path}]`}) : ${text(found, place)}`,
    locations: fault === "UnknownType" && isConditionOfFragment(place) ? [] : locationsOf(node),
    extensions: {},
  };
}

/** graphql-java tells no place of an unknown type there. */
function isConditionOfFragment(place: NodePlace): boolean {
  return place.at(-1)?.kind === "NamedType" && place.at(-2)?.kind === "FragmentDefinition";
}

function locationsOf(node: ASTNode | undefined): OperationError["locations"] {
  const { loc } = node ?? {};
  return loc === undefined ? [] : [getLocation(loc.source, loc.start)];
}

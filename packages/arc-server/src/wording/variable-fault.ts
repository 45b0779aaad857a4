/** What is wrong with the variables of an operation, in graphql-java's words: the first fault, as that one stops there. */
import { isRecord } from "@lmos/primitives";
import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  getLocation,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isScalarType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from "graphql";
import type { OperationError } from "./operation-error.ts";

/** The first fault, if any. Of values that graphql-js refuses and this knows nothing of, that one tells. */
export function variableFault(
  { variableDefinitions = [] }: OperationDefinitionNode,
  { schema, variables }: { schema: GraphQLSchema; variables: Readonly<Record<string, unknown>> },
): OperationError | undefined {
  for (const definition of variableDefinitions) {
    const type = typeFromAST(schema, definition.type);
    const name = definition.variable.name.value;
    const value = variables[name];
    if (!isInputType(type) || (value === undefined && definition.defaultValue !== undefined)) continue;
    const fault = faultOf(value, type, `Variable '${name}' has coerced`);
    if (fault !== undefined) return errorOf(fault, name, definition);
  }
  return undefined;
}

/** Of a member that nobody knows graphql-java does not say where it is. */
type Fault = { readonly text: string; readonly isUnknownField?: true };

function errorOf(
  { text, isUnknownField }: Fault,
  name: string,
  { loc }: VariableDefinitionNode,
): OperationError {
  if (isUnknownField === true) return { message: text };
  return {
    message: `Variable '${name}' has an invalid value: ${text}`,
    locations: loc === undefined ? [] : [getLocation(loc.source, loc.start)],
  };
}

function faultOf(value: unknown, type: GraphQLInputType, nullIs: string): Fault | undefined {
  if (value === null || value === undefined)
    return isNonNullType(type) ? { text: `${nullIs} Null value for NonNull type '${type}'` } : undefined;
  if (isNonNullType(type)) return faultOf(value, type.ofType, nullIs);
  if (isListType(type)) return faultOfList(value, type.ofType);
  if (isInputObjectType(type)) return faultOfObject(value, type);
  return isScalarType(type) ? faultOfScalar(value, type.name) : undefined;
}

/** One value alone counts as a list of it. */
function faultOfList(value: unknown, type: GraphQLInputType): Fault | undefined {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const item of items) {
    const fault = faultOf(item, type, "Coerced");
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOfObject(value: unknown, type: GraphQLInputObjectType): Fault | undefined {
  if (!isRecord(value)) {
    const text = `Expected type 'Map' but was '${javaTypeOf(value)}'. Variables for input objects must be an instance of type 'Map'.`;
    return { text };
  }
  return unknownFieldOf(value, type) ?? faultOfFields(value, type);
}

function unknownFieldOf(
  value: Readonly<Record<string, unknown>>,
  type: GraphQLInputObjectType,
): Fault | undefined {
  const known = type.getFields();
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return undefined;
  const text = `The variables input contains a field name '${unknown}' that is not defined for input object type '${type.name}' `;
  return { text, isUnknownField: true };
}

/** In the order of graphql-java's schema, which is that of the alphabet. */
function faultOfFields(
  value: Readonly<Record<string, unknown>>,
  type: GraphQLInputObjectType,
): Fault | undefined {
  const fields = Object.values(type.getFields()).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const field of fields) {
    const fault = faultOf(value[field.name], field.type, `Field '${field.name}' has coerced`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const scalars: Readonly<Record<string, string>> = { String: "string", Boolean: "boolean" };

function faultOfScalar(value: unknown, name: string): Fault | undefined {
  const wanted = scalars[name];
  if (wanted === undefined || typeof value === wanted) return undefined;
  return { text: `Expected a ${name} input, but it was a '${javaTypeOf(value)}'` };
}

const int = 2 ** 31;
const long = 2 ** 63;

function javaTypeOf(value: unknown): string {
  if (Array.isArray(value)) return "ArrayList";
  if (typeof value === "string") return "String";
  if (typeof value === "boolean") return "Boolean";
  return typeof value === "number" ? javaNumberOf(value) : "LinkedHashMap";
}

function javaNumberOf(value: number): string {
  if (!Number.isInteger(value)) return "Double";
  if (value >= -int && value < int) return "Integer";
  return value >= -long && value < long ? "Long" : "BigInteger";
}

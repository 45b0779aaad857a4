/** What descriptions of operations are made of. */
import { z } from "zod";

/** A part of the document. */
export type Json = Readonly<Record<string, unknown>>;

/** What is read, by old clients too. */
export function read(summary: string, parameters: readonly Json[]): Json {
  const responses = { 200: { description: summary }, default: failure("Error", "application/json") };
  return { summary, parameters, responses };
}

/** An answer that says what is wrong. */
export function failure(schema: string, type: string): Json {
  return { description: "What is wrong", content: { [type]: reference(schema) } };
}

/** The body of a request. */
export function body(schema: string): Json {
  return { required: true, content: { "application/json": reference(schema) } };
}

/** The media type's part that names a schema of the document. */
export function reference(schema: string): Json {
  return { schema: { $ref: `#/components/schemas/${schema}` } };
}

/** Parts of the path that are to be filled in. */
export function inPath(...names: readonly string[]): readonly Json[] {
  return names.map((name) => parameter("path", name, true));
}

/** A parameter, which is text. */
export function parameter(place: "path" | "query" | "header", name: string, required: boolean): Json {
  return { in: place, name, required, schema: { type: "string" } };
}

/** Described as what comes out of validation; what has a default may be left out on the way in. */
export function jsonSchema(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, {
    io: "output",
    unrepresentable: "any",
    override: ({ jsonSchema: described }) => {
      delete described.$schema;
      delete described.additionalProperties;
      const required = described.required?.filter((name) => !hasDefault(described.properties?.[name]));
      if (required !== undefined) described.required = required;
    },
  });
}

function hasDefault(property: unknown): boolean {
  return typeof property === "object" && property !== null && "default" in property;
}

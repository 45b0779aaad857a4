// GraphQL over plain HTTP: a request as a JSON body, and the same as parameters of an address.
import { z } from "zod";

const variablesSchema = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((variables) => variables ?? {});

/**
 * A request as JSON; members that are null count as left out, unknown ones are ignored. A query that is left out is an empty
 * document, and a number is the text of one, as Jackson reads them.
 */
export const graphqlBodySchema = z.object({
  query: z.union([z.string(), z.number().transform(String)]).default(""),
  operationName: z
    .string()
    .nullish()
    .transform((name) => name ?? undefined),
  variables: variablesSchema,
});

/** The same as parameters of an address, in which the variables are JSON text. */
export const graphqlParametersSchema = graphqlBodySchema.extend({
  query: z.string(),
  variables: z
    .string()
    .optional()
    .transform((text, context) => readJson(text, context))
    .pipe(variablesSchema),
});

function readJson(text: string | undefined, context: z.RefinementCtx): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "is not JSON" });
    return z.NEVER;
  }
}

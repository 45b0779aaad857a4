/** A rule of validation: each alias repeats a part of the answer, so that a small document could ask for an endless one. */
import { type ASTVisitor, GraphQLError, type ValidationContext } from "graphql";

/** Aliases of one document. */
export const maxAliases = 5;

/** Refuses documents with more aliases. */
export function limitAliases(context: ValidationContext): ASTVisitor {
  let count = 0;
  return {
    Field: (field) => {
      if (field.alias === undefined) return;
      count += 1;
      if (count !== maxAliases + 1) return; // told once
      const message = `The document has more than ${maxAliases} aliases: ask for each field once.`;
      context.reportError(new GraphQLError(message, { nodes: field }));
    },
  };
}

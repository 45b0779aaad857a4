/** What a document tells of the one who sent it. */
import { BREAK, type DocumentNode, type GraphQLSchema, TypeInfo, visit, visitWithTypeInfo } from "graphql";

/** Whether it asks for the type of results: callers of ARC 0.126, which has none, cannot tell an error from an answer. */
export function asksForType(document: DocumentNode, schema: GraphQLSchema): boolean {
  const types = new TypeInfo(schema);
  let asks = false;
  const fields = {
    Field: ({ name }: { readonly name: { readonly value: string } }) => {
      if (name.value !== "type" || types.getParentType()?.name !== "AgentResult") return undefined;
      asks = true;
      return BREAK;
    },
  };
  visit(document, visitWithTypeInfo(types, fields));
  return asks;
}

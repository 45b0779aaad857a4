// The GraphQL schema of an agent: ARC's.
import { arcSchema } from "@lmos/protocol";
import { buildSchema } from "graphql";

/** ARC's schema, ready to execute. */
export const agentSchema = buildSchema(arcSchema);

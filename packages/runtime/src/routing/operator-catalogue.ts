/**
 * The channels of an operator, asked for each time as the Kotlin runtime does. While it is away, its last answer to the
 * same question stands.
 */

import type { Logger } from "@lmos/primitives";
import { z } from "zod";
import { loggable } from "../loggable.ts";
import { turnFailure } from "../turn/failure.ts";
import type { CatalogueAnswer, CatalogueQuery, ChannelCatalogue, ChannelQuery } from "./channel-catalogue.ts";
import type { ChannelDocument, RoutingDocument } from "./channel-documents.ts";
import type { OperatorClient, OperatorQuery } from "./operator-client.ts";
import { operatorChannelSchema, operatorRoutingSchema } from "./operator-documents.ts";
import { operatorWording } from "./operator-wording.ts";
import { RecentTexts } from "./recent-texts.ts";

/** Answers that are remembered: as text, because that has a size. An answer has 8 MiB at most. */
const remembered = { maxTexts: 1000, maxBytes: 32 * 1024 * 1024 };

/** A catalogue that asks the operator. */
export function createOperatorCatalogue(client: OperatorClient, logger: Logger): ChannelCatalogue {
  const answers = new RecentTexts(remembered);
  const ask = async <T>(
    query: OperatorQuery,
    schema: z.ZodType<T>,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<CatalogueAnswer<T>> => {
    const answer = await client.get(query, { signal });
    if (answer.kind === "missing" || answer.kind === "unchanged") return missing(query);
    const key = JSON.stringify(query);
    const read = schema.safeParse(answer.kind === "found" ? answer.body : parsed(answers.get(key)));
    if (answer.kind === "found" && read.success) answers.put(key, answer.text);
    if (read.success) return { kind: "found", value: read.data };
    const { message, reason } =
      answer.kind === "failed"
        ? answer
        : { message: operatorWording(query).unreadable, reason: read.error.message };
    logger.warn("The operator gave no channels", {
      tenant: loggable(query.tenant),
      channel: loggable(query.channel ?? ""),
      reason,
    });
    return { kind: "failed", failure: turnFailure("routing_unavailable", message) };
  };
  return {
    channelsOf: (query, options) =>
      ask<readonly ChannelDocument[]>(listQuery(query), z.array(operatorChannelSchema), options),
    channel: (query, options) => ask(listQuery(query), operatorChannelSchema, options),
    routing: (query, options) =>
      ask<RoutingDocument>({ ...listQuery(query), routing: true }, operatorRoutingSchema, options),
  };
}

/** An operator that serves a tenant gives it a list, if an empty one. */
function missing({ channel, ...query }: OperatorQuery): CatalogueAnswer<never> {
  if (channel !== undefined) return { kind: "missing" };
  return { kind: "failed", failure: turnFailure("routing_unavailable", operatorWording(query).refused) };
}

function listQuery({ tenant, subset, namespace, ...rest }: CatalogueQuery | ChannelQuery): OperatorQuery {
  return { tenant, subset, namespace, ...("channel" in rest ? { channel: rest.channel } : {}) };
}

function parsed(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}

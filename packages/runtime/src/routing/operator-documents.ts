/**
 * What is kept of an operator's answers for those who ask what a tenant has: the Kotlin runtime's reading of them, with
 * the same members in the same order. Where it fails for want of a text that can be empty, that is empty here.
 */
import { z } from "zod";
import { wireText } from "../wire-text.ts";
import type { ChannelDocument, RoutingDocument } from "./channel-documents.ts";

/** Characters of a text: an answer as a whole is bounded already. */
const text = wireText(Number.MAX_SAFE_INTEGER);
const textOrNull = text.nullish().transform((value) => value ?? null);
const textIfAny = text.nullish().transform((value) => value ?? undefined);
const textOrEmpty = text.default("");
/** The Kotlin runtime leaves out an id that is empty text. */
const idIfAny = textOrEmpty.transform((id) => id || undefined);
const texts = z
  .record(z.string(), text)
  .nullish()
  .transform((value) => value ?? null);

const requirementSchema = z.object({ id: textOrNull, name: text, version: text, strategy: textOrNull });

const statusSchema = z.object({
  resolveStatus: textOrNull,
  unresolvedRequiredCapabilities: z
    .array(requirementSchema)
    .nullish()
    .transform((value) => value ?? null),
});

/** A Channel. */
export const operatorChannelSchema: z.ZodType<ChannelDocument> = z.object({
  apiVersion: text,
  kind: text,
  metadata: z.object({ name: textOrNull, namespace: textOrNull, labels: texts, annotations: texts }),
  spec: z.object({ requiredCapabilities: z.array(requirementSchema).default([]) }),
  status: statusSchema.nullish().transform((value) => value ?? null),
});

const wireSchema = z.object({
  id: idIfAny,
  name: text,
  providedVersion: text,
  description: textOrEmpty,
  host: textOrEmpty,
  requiredVersion: textIfAny,
});

const metadataSchema = z.object({
  name: text,
  namespace: textIfAny,
  labels: z.object({ channel: text, subset: textIfAny, tenant: text, version: textOrEmpty }),
  creationTimestamp: textIfAny,
  generation: z
    .number()
    .int()
    .nullish()
    .transform((value) => value ?? undefined),
  resourceVersion: textIfAny,
  uid: textIfAny,
});

/** A ChannelRouting. */
export const operatorRoutingSchema: z.ZodType<RoutingDocument> = z.object({
  apiVersion: textIfAny,
  kind: textIfAny,
  metadata: metadataSchema,
  spec: z.object({
    capabilityGroups: z.array(
      z.object({
        id: idIfAny,
        name: text,
        description: textOrEmpty,
        capabilities: z.array(wireSchema),
      }),
    ),
  }),
});

// `/.well-known/capabilities.json`: what an agent announces about itself. The Kotlin operator demands all ten
// fields and refuses any other, so the writer writes exactly those; the reader takes what it can understand.
import { z } from "zod";
import { hasDuplicateMember, memberGivenTwice } from "./duplicate-member.ts";
import { issueText } from "./issue-text.ts";
import { parseWellFormedJson } from "./parse-json.ts";

/** One capability in a {@link CapabilitiesDocument}. */
export interface AnnouncedCapability {
  readonly id: string;
  readonly name: string;
  /** A semantic version; read as it stands, judged by whoever resolves. */
  readonly version: string;
  readonly description: string;
  readonly examples: readonly string[];
}

/** What an agent announces. */
export interface CapabilitiesDocument {
  /** The operator ignores it in favour of the workload's name. */
  readonly id: string;
  readonly description: string;
  /** Empty = every tenant. */
  readonly supportedTenants: readonly string[];
  /** Empty = none. */
  readonly supportedChannels: readonly string[];
  readonly capabilities: readonly AnnouncedCapability[];
}

/** A document, or every field that is wrong with it (`capabilities[1].name: …`). */
export type CapabilitiesReading =
  | { readonly kind: "read"; readonly document: CapabilitiesDocument }
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

/** A text; missing or null is an empty one. */
export const textOrEmpty = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
/** Texts; a list that is missing or null is an empty one. */
export const textsOrEmpty = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);
/** Some documents in the wild have a JSON number here; its text is what was meant. */
const version = z.union([z.string(), z.number()]).transform(String);

const capabilitySchema = z
  .object({
    id: textOrEmpty,
    name: z.string().min(1),
    version,
    description: textOrEmpty,
    examples: textsOrEmpty,
  })
  .transform((capability) => ({ ...capability, id: capability.id === "" ? capability.name : capability.id }));

/**
 * Reads a document leniently: unknown fields are ignored; missing or null `id`, descriptions, tenants, channels
 * and examples become empty, a capability's missing `id` its name. A capability needs its name and version, and the document its list of capabilities, be it empty: an
 * error body that was answered with 200 is no announcement.
 */
export const capabilitiesDocumentSchema: z.ZodType<CapabilitiesDocument> = z.object({
  id: textOrEmpty,
  description: textOrEmpty,
  supportedTenants: textsOrEmpty,
  supportedChannels: textsOrEmpty,
  capabilities: z.array(capabilitySchema),
});

/** Reads the JSON text of a document; never throws. At most 10 problems are named. */
export function readCapabilitiesDocument(json: string): CapabilitiesReading {
  const value = parseWellFormedJson(json);
  if (value === undefined) return { kind: "invalid", problems: ["document: is not JSON"] };
  if (hasDuplicateMember(json)) return { kind: "invalid", problems: [memberGivenTwice] };
  const parsed = capabilitiesDocumentSchema.safeParse(value);
  if (parsed.success) return { kind: "read", document: parsed.data };
  return { kind: "invalid", problems: parsed.error.issues.slice(0, 10).map(issueText) };
}

/** The JSON text of a document with exactly the ten fields of the format, in their usual order. */
export function writeCapabilitiesDocument(document: CapabilitiesDocument): string {
  return JSON.stringify({
    id: document.id,
    description: document.description,
    supportedTenants: document.supportedTenants,
    supportedChannels: document.supportedChannels,
    capabilities: document.capabilities.map((capability) => ({
      id: capability.id,
      name: capability.name,
      version: capability.version,
      description: capability.description,
      examples: capability.examples,
    })),
  });
}

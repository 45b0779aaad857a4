// The two other forms in which agents describe themselves, brought into the one of capabilities.json: the A2A agent
// card and the W3C Thing Description. What neither of them has a place for (tenants and channels) is read from where
// each of them lets others add things.
import { isRecord } from "@lmos/primitives";
import { z } from "zod";
import {
  type CapabilitiesDocument,
  type CapabilitiesReading,
  capabilitiesDocumentSchema,
  textOrEmpty,
  textsOrEmpty,
} from "./capabilities.ts";
import { hasDuplicateMember, memberGivenTwice } from "./duplicate-member.ts";
import { issueText } from "./issue-text.ts";
import { parseWellFormedJson } from "./parse-json.ts";

/** Path of an agent's A2A card (A2A 0.3, section "Agent Discovery"). */
export const agentCardPath = "/.well-known/agent-card.json";
/** Path of an agent's Thing Description (W3C WoT Discovery, section "Well-Known URIs"). */
export const thingDescriptionPath = "/.well-known/wot";

/** Names the extension of a card whose `params` hold `supportedTenants` and `supportedChannels`. */
export const lmosExtensionUri = "https://eclipse.dev/lmos/protocol/v1";

const extensionSchema = z.looseObject({ uri: z.string(), params: z.unknown().optional() });

const cardSchema = z.object({
  name: z.string(),
  description: textOrEmpty,
  version: z.string(),
  capabilities: z.object({ extensions: z.array(extensionSchema).nullish() }).nullish(),
  skills: z.array(z.object({ id: z.string().min(1), description: textOrEmpty, examples: textsOrEmpty })),
});

/**
 * Reads an A2A agent card: each skill is a capability, named by its id, in the version of the card. Its audience stands
 * in the `params` of the extension {@link lmosExtensionUri}. Never throws.
 */
export function readAgentCard(json: string): CapabilitiesReading {
  return readAs(cardSchema, json, (card) => {
    const extension = card.capabilities?.extensions?.find(({ uri }) => uri === lmosExtensionUri);
    const audience = isRecord(extension?.params) ? extension.params : {};
    return {
      id: card.name,
      description: card.description,
      supportedTenants: audience["supportedTenants"],
      supportedChannels: audience["supportedChannels"],
      capabilities: card.skills.map((skill) => ({ ...skill, name: skill.id, version: card.version })),
    };
  });
}

const thingSchema = z.looseObject({
  id: textOrEmpty,
  title: textOrEmpty,
  description: textOrEmpty,
  version: z.object({ instance: textOrEmpty }).nullish(),
  // Read below: a schema's complaint would repeat the names, which somebody else chose.
  actions: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * Reads a W3C Thing Description: its `lmos:capabilities`, or else each of its actions in the version of the thing.
 * Members of the LMOS vocabulary are accepted with and without the prefix `lmos:` inside of it. Never throws.
 */
export function readThingDescription(json: string): CapabilitiesReading {
  return readAs(thingSchema, json, (thing) => {
    const { instance = "" } = thing.version ?? {};
    const actions = Object.entries(thing.actions ?? {}).map(([name, action]) => {
      const description = isRecord(action) ? action["description"] : undefined;
      return { id: name, name, version: instance, description };
    });
    return {
      id: thing.id === "" ? thing.title : thing.id,
      description: thing.description,
      supportedTenants: thing["lmos:supportedTenants"],
      supportedChannels: thing["lmos:supportedChannels"],
      capabilities: withoutPrefix(thing["lmos:capabilities"]) ?? actions,
    };
  });
}

function readAs<T>(
  schema: z.ZodType<T>,
  json: string,
  normalise: (value: T) => unknown,
): CapabilitiesReading {
  const value = parseWellFormedJson(json);
  if (value === undefined) return { kind: "invalid", problems: ["document: is not JSON"] };
  if (hasDuplicateMember(json)) return { kind: "invalid", problems: [memberGivenTwice] };
  const parsed = schema.safeParse(value);
  if (!parsed.success) return invalid(parsed.error);
  const document: z.ZodSafeParseResult<CapabilitiesDocument> = capabilitiesDocumentSchema.safeParse(
    normalise(parsed.data),
  );
  return document.success ? { kind: "read", document: document.data } : invalid(document.error);
}

function invalid({ issues }: z.ZodError): CapabilitiesReading {
  return { kind: "invalid", problems: issues.slice(0, 10).map(issueText) };
}

/** The list with `lmos:name` and the like written as `name`; undefined where there is no list. */
function withoutPrefix(list: unknown): unknown {
  const items = z.array(z.record(z.string(), z.unknown())).safeParse(list);
  if (!items.success) return list;
  return items.data.map((item) =>
    Object.fromEntries(Object.entries(item).map(([name, value]) => [name.replace(/^lmos:/, ""), value])),
  );
}

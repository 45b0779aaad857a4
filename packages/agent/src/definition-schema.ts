// Checks what an author wrote about an agent, all of it at once; each problem names field, value and remedy.
import { z } from "zod";
import { AgentError } from "./errors.ts";

const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const semanticVersion =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

const nameSchema = z.string().regex(dnsLabel, {
  error:
    'take a DNS label: lower-case letters, digits and "-", at most 63, such as "billing-agent" (the Service and the Agent are named so)',
});
const versionSchema = bounded(256).regex(semanticVersion, {
  error: 'write a semantic version MAJOR.MINOR.PATCH, such as "1.0.0"',
});
const textSchema = bounded(8192).regex(/\S/, { error: "write a sentence: messages are routed by it" });
const exampleSchema = bounded(2048).regex(/\S/, { error: "write a sentence: messages are routed by it" });
const wordSchema = bounded(253).regex(/\S/, { error: "leave it out or give it a name" });
/** Members of any list. */
const maxMembers = 1000;

/** The bounds of the resource `Agent`, which the operator makes of this: beyond them it would not take it. */
function bounded(maxLength: number): z.ZodString {
  return z.string().max(maxLength, { error: `shorten it: at most ${maxLength} characters` });
}

function listOf<Member extends z.ZodType>(member: Member): z.ZodArray<Member> {
  return z.array(member).max(maxMembers, { error: `leave some out: at most ${maxMembers}` });
}

const capabilitySchema = z.object({
  id: wordSchema.optional(),
  name: bounded(253).regex(/\S/, { error: 'give it the name that channels require, such as "view-invoice"' }),
  version: versionSchema,
  description: textSchema,
  examples: listOf(exampleSchema),
});

const definitionSchema = z.object({
  name: nameSchema,
  description: textSchema,
  version: versionSchema.optional(),
  capabilities: listOf(capabilitySchema).min(1, {
    error: "name at least one capability: channels find agents by them",
  }),
  supportedTenants: listOf(wordSchema).optional(),
  supportedChannels: listOf(wordSchema).min(1, {
    error: 'name at least one channel, such as "web": an agent without one is never used',
  }),
  tools: z.array(z.object({ name: z.string() })).optional(),
});

/** Throws an {@link AgentError} `InvalidDefinition` that lists everything wrong with the definition. */
export function checkDefinition(definition: { readonly name: string }): void {
  const parsed = definitionSchema.safeParse(definition);
  const problems = parsed.success
    ? duplicates(parsed.data)
    : parsed.error.issues.map(
        (issue) => `${fieldPath(issue.path)} ${valueText(definition, issue.path)}: ${issue.message}`,
      );
  if (problems.length === 0) return;
  const lines = problems.map((problem) => `\n  ${problem}`).join("");
  throw new AgentError(
    "InvalidDefinition",
    `agent ${JSON.stringify(definition.name)} can't be defined:${lines}`,
    {
      details: { problems },
    },
  );
}

function duplicates(definition: z.output<typeof definitionSchema>): readonly string[] {
  const capabilities = definition.capabilities.map(({ name, version }) => `${name} ${version}`);
  const tools = definition.tools?.map(({ name }) => name) ?? [];
  return [
    ...repeated(capabilities).map(
      (text) => `capabilities "${text}": is there twice; remove one or raise a version`,
    ),
    ...repeated(tools).map((text) => `tools "${text}": two tools have that name; rename one`),
  ];
}

function repeated(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter((text, index) => texts.indexOf(text) !== index))];
}

/** `["capabilities", 0, "version"]` → `capabilities[0].version`. */
function fieldPath(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return text.replace(/^\./, "");
}

function valueText(definition: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined),
    definition,
  );
  return (JSON.stringify(value) ?? "(missing)").slice(0, 100);
}

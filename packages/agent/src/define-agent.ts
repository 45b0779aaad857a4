// An agent as its author writes it: who it is, what it can do, and how it answers.
import type { AnnouncedCapability } from "@lmos/protocol";
import { answerWithModel, type ModelAnswering } from "./answer-with-model.ts";
import type { ChatModel } from "./chat-model.ts";
import { checkDefinition } from "./definition-schema.ts";
import type { Answer } from "./reply.ts";
import type { Tool } from "./tool.ts";
import type { TurnContext } from "./turn-context.ts";

/** Something an agent offers, for channels to require and messages to be routed by. */
export interface CapabilityDefinition {
  /** The name unless given. */
  readonly id?: string | undefined;
  /** What channels require it by, such as `view-invoice`. */
  readonly name: string;
  /** A semantic version. */
  readonly version: string;
  readonly description: string;
  /** What users say when they want it; five to ten route well. */
  readonly examples: readonly string[];
}

/** Who an agent is. */
export interface AgentProfile {
  /** A DNS label: Deployment, Service and Agent have the same name. */
  readonly name: string;
  readonly description: string;
  /** A semantic version; `1.0.0` unless given. */
  readonly version?: string | undefined;
  readonly capabilities: readonly CapabilityDefinition[];
  /** Every tenant unless given. */
  readonly supportedTenants?: readonly string[] | undefined;
  readonly supportedChannels: readonly string[];
}

/** An agent that answers with code of its own. */
export interface RespondingAgentDefinition extends AgentProfile {
  respond(context: TurnContext): Answer;
}

/** An agent that answers by a model with a prompt and tools. */
export interface ModelAgentDefinition extends AgentProfile {
  readonly model: ChatModel;
  /** Instructions to the model, the same for each turn or made for this one. */
  readonly prompt: string | ((context: TurnContext) => string | Promise<string>);
  readonly tools?: readonly Tool[] | undefined;
}

/** What {@link defineAgent} takes. */
export type AgentDefinition = RespondingAgentDefinition | ModelAgentDefinition;

/** An agent that can be served. */
export interface Agent {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly capabilities: readonly AnnouncedCapability[];
  /** Empty = every tenant. */
  readonly supportedTenants: readonly string[];
  readonly supportedChannels: readonly string[];
  respond(context: TurnContext): Answer;
}

/** Makes an agent. Throws an `AgentError` `InvalidDefinition` that lists everything wrong with the definition. */
export function defineAgent(definition: AgentDefinition): Agent {
  checkDefinition(definition);
  return {
    name: definition.name,
    description: definition.description,
    version: definition.version ?? "1.0.0",
    capabilities: definition.capabilities.map((capability) => ({
      ...capability,
      id: capability.id ?? capability.name,
    })),
    supportedTenants: definition.supportedTenants ?? [],
    supportedChannels: definition.supportedChannels,
    respond: respondOf(definition),
  };
}

function respondOf(definition: AgentDefinition): Agent["respond"] {
  if ("respond" in definition) return (context) => definition.respond(context);
  const { model, prompt, tools = [] } = definition;
  const answering: ModelAnswering = { model, prompt, tools };
  return (context) => answerWithModel(answering, context);
}

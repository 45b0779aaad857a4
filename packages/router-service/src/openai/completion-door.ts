/**
 * `POST /v1/chat/completions`: answers as the language model that a Kotlin runtime asks (set its `LLM_BASE_URL` to this server),
 * but decides by the examples. The agents are those of the prompt, with the examples that are known of them; below
 * `/openai/{tenant}/{channel}/v1` they are the channel's.
 */
import type { IdSource } from "@lmos/primitives";
import type { AddressedAgent, ChannelScope, RoutingDecision, RoutingMode } from "@lmos/router";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import type { AgentDirectory } from "../agents/agent-directory.ts";
import { type ClassifyServices, classify } from "../classify.ts";
import { type HttpFailure, parseBody, sendFailure } from "../http-failure.ts";
import {
  type ChatCompletionRequest,
  type Conversation,
  chatCompletionOf,
  chatCompletionRequestSchema,
  conversationOf,
} from "./chat-completions.ts";
import {
  classifiedAgentContent,
  disambiguationContent,
  disambiguationSchemaName,
  namedAgentContent,
} from "./completion-content.ts";
import type { PromptAgent } from "./prompt-agents.ts";
import { readPrompt } from "./read-prompt.ts";

/** What the door leads to. */
export interface CompletionServices extends ClassifyServices {
  readonly directory: AgentDirectory;
  readonly mode: RoutingMode;
  readonly ids: IdSource;
  readonly signal: AbortSignal;
}

const channelSchema = z.object({
  tenant: z.string().min(1).max(253),
  channel: z.string().min(1).max(253),
});
const modelName = "lmos-router";
/** Agents of a prompt belong to no channel. */
const promptScope: ChannelScope = { tenant: "", channel: "", subset: "" };

/** Opens the paths. */
export function openCompletionDoor(app: FastifyInstance, services: CompletionServices): void {
  app.post("/v1/chat/completions", (request, reply) =>
    answer(request.body, promptScope, { reply, services }),
  );
  app.post("/openai/:tenant/:channel/v1/chat/completions", async (request, reply) => {
    const parsed = parseBody(channelSchema, request.params);
    if (parsed.kind === "invalid") return sendFailure(reply, parsed.failure);
    return answer(request.body, { ...parsed.value, subset: "stable" }, { reply, services });
  });
  app.get("/v1/models", async (_request, reply) =>
    reply.send({ object: "list", data: [{ id: modelName, object: "model", created: 0, owned_by: "lmos" }] }),
  );
}

interface Call {
  readonly reply: FastifyReply;
  readonly services: CompletionServices;
}

async function answer(body: unknown, scope: ChannelScope, { reply, services }: Call): Promise<FastifyReply> {
  const parsed = parseBody(chatCompletionRequestSchema, body);
  if (parsed.kind === "invalid") return sendFailure(reply, parsed.failure);
  const conversation = conversationOf(parsed.value);
  if (conversation === undefined) return sendFailure(reply, noUserMessage);
  const agents = agentsFor(conversation, scope, services.directory);
  if (agents.length === 0) return sendFailure(reply, noAgents);
  const { message, history } = conversation;
  const outcome = await classify(
    { mode: services.mode, scope, agents, request: { message, history } },
    services,
  );
  if (outcome.kind === "failed") return sendFailure(reply, outcome.failure);
  const content = contentOf(outcome.decision, { agents, request: parsed.value, conversation });
  const facts = { id: services.ids.next(), model: parsed.value.model, createdMs: services.clock.now() };
  return reply.send(chatCompletionOf(content, facts));
}

interface Asked {
  readonly agents: readonly AddressedAgent[];
  readonly request: ChatCompletionRequest;
  readonly conversation: Conversation;
}

/** In the form that is asked for: by the schema, or, by the older router, in the prompt alone. */
function contentOf(decision: RoutingDecision, { agents, request, conversation }: Asked): string {
  const schema = request.response_format?.json_schema?.name;
  if (schema === disambiguationSchemaName) return disambiguationContent(decision, agents);
  const wantsName = schema === undefined && conversation.instructions.includes('"agentName"');
  return wantsName ? namedAgentContent(decision, agents) : classifiedAgentContent(decision);
}

function agentsFor(
  { instructions }: Conversation,
  scope: ChannelScope,
  directory: AgentDirectory,
): readonly AddressedAgent[] {
  if (scope !== promptScope) return directory.agentsOf(scope) ?? [];
  const { key, agents: offered } = readPrompt(instructions);
  const called = new Set(offered.map(({ id }) => id));
  const known = new Map(directory.agentsBy(key, called).map((agent) => [agent[key], agent]));
  return offered.map((agent) => known.get(agent.id) ?? agentOfDescriptions(agent));
}

/** All that is known of an agent is what the prompt says: each description is a capability. */
function agentOfDescriptions({ id, descriptions }: PromptAgent): AddressedAgent {
  return {
    id,
    name: id,
    address: "",
    description: "",
    capabilities: descriptions.map((description) => ({
      id: description.slice(0, 253),
      name: description.slice(0, 253),
      description,
      examples: [],
    })),
  };
}

const noUserMessage: HttpFailure = {
  status: 400,
  code: "NO_USER_MESSAGE",
  message: "messages: there is no message of the role user, so there is nothing to classify",
};
const noAgents: HttpFailure = {
  status: 400,
  code: "NO_AGENTS",
  message:
    "There are no agents to choose from: the prompt lists none (as agentId with descriptions, as <agent> elements, or as topics), or the channel of the path is not known.",
};

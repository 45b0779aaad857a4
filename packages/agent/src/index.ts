export { aiSdkModel } from "./ai-sdk-model.ts";
export { type AskAgentOptions, type AskedAgent, askAgent } from "./ask-agent.ts";
export type { ChatEvent, ChatMessage, ChatModel, ChatRequest, ModelToolCall } from "./chat-model.ts";
export {
  type Agent,
  type AgentDefinition,
  type AgentProfile,
  type CapabilityDefinition,
  defineAgent,
  type ModelAgentDefinition,
  type RespondingAgentDefinition,
} from "./define-agent.ts";
export { AgentError, type AgentErrorCode } from "./errors.ts";
export { createInProcessMemory, type InProcessMemory, type MemoryOwner } from "./in-process-memory.ts";
export type { AgentMemory, MemoryPlace, Remembered } from "./memory.ts";
export { type Answer, handover, type Reply, type ReplyMessage } from "./reply.ts";
export { type ScriptedModel, scriptedModel } from "./scripted-model.ts";
export { type ServedAgent, type ServeOptions, serve } from "./serve.ts";
export type { TokenOptions } from "./token-options.ts";
export { defineTool, type Tool, type ToolContext, type ToolDefinition } from "./tool.ts";
export type { TurnClaims } from "./turn-claims.ts";
export type { TurnContext } from "./turn-context.ts";

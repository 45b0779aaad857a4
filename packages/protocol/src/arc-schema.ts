// The GraphQL schema that agents and runtimes serve, with the type names of ARC: they are wire contract, because callers
// declare their variables by them. Where ARC has a default that its schema doesn't show, the field may be left out here.

/** ARC's schema in GraphQL's schema language, in which `type` and `toolCalls` are there and fields with defaults are optional. */
export const arcSchema = `
type Query {
  "The agents that this server has; the first one is the default."
  agent: Agents!
}

type Subscription {
  "Runs an agent for one turn. The default agent answers when none, or an unknown one, is named."
  agent(agentName: String, request: AgentRequestInput!): AgentResult!
}

type Agents {
  names: [String!]!
}

input AgentRequestInput {
  messages: [MessageInput!]!
  conversationContext: ConversationContextInput!
  systemContext: [SystemContextEntryInput!] = []
  userContext: UserContextInput
}

input MessageInput {
  role: String!
  content: String!
  format: String = "text"
  turnId: String
  binaryData: [BinaryDataInput!]
}

input BinaryDataInput {
  mimeType: String!
  dataAsBase64: String
  source: String
}

input ConversationContextInput {
  conversationId: String!
  turnId: String
  anonymizationEntities: [AnonymizationEntityInput!]
}

input AnonymizationEntityInput {
  type: String!
  value: String!
  replacement: String!
}

input SystemContextEntryInput {
  key: String!
  value: String!
}

input UserContextInput {
  userId: String
  userToken: String
  profile: [ProfileEntryInput!] = []
}

input ProfileEntryInput {
  key: String!
  value: String!
}

type AgentResult {
  status: String
  "Seconds since the turn began."
  responseTime: Float!
  messages: [Message!]!
  anonymizationEntities: [AnonymizationEntity!]
  context: [ContextEntry!]
  toolCalls: [ToolCall!]
  type: AgentResultType
}

enum AgentResultType {
  MESSAGE
  INTERMEDIATE_MESSAGE
  EVENT
  ERROR
}

type Message {
  role: String!
  content: String!
  format: String!
  turnId: String
  binaryData: [BinaryData!]
}

type BinaryData {
  mimeType: String!
  dataAsBase64: String
  source: String
}

type AnonymizationEntity {
  type: String!
  value: String!
  replacement: String!
}

type ContextEntry {
  key: String!
  value: String!
}

type ToolCall {
  name: String!
  "JSON text."
  arguments: String!
}
`;

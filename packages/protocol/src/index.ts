export {
  agentCardPath,
  lmosExtensionUri,
  readAgentCard,
  readThingDescription,
  thingDescriptionPath,
} from "./agent-descriptors.ts";
export {
  type AgentRequest,
  type AnonymizationEntity,
  agentRequestSchema,
  asksForStreaming,
  type BinaryData,
  type ContextEntry,
  contextValue,
  type Message,
  type MessageRole,
  writeAgentRequest,
} from "./agent-request.ts";
export {
  type AgentResult,
  type AgentResultType,
  agentResultSchema,
  agentStatus,
  handoverStatus,
  handoverTarget,
  type ToolCall,
} from "./agent-result.ts";
export {
  type ArcClient,
  type ArcClientEvent,
  type ArcClientOptions,
  type ArcClientStep,
  createArcClient,
  turnOfFrame,
} from "./arc-client.ts";
export { arcDocument, arcFallbackDocument, isUnknownFieldRefusal } from "./arc-document.ts";
export { arcSchema } from "./arc-schema.ts";
export {
  type ArcError,
  type ArcOperation,
  type ArcServer,
  type ArcServerEvent,
  type ArcServerOptions,
  type ArcServerStep,
  arcCloseCode,
  createArcServer,
  defaultMaxOperations,
  notBegunCode,
} from "./arc-server.ts";
export {
  type AnnouncedCapability,
  type CapabilitiesDocument,
  type CapabilitiesReading,
  capabilitiesDocumentSchema,
  readCapabilitiesDocument,
  writeCapabilitiesDocument,
} from "./capabilities.ts";
export { defaultFrameLimits, type FrameLimits, type ParsedFrame, parseFrame, utf8Length } from "./frame.ts";
export { graphqlBodySchema, graphqlParametersSchema } from "./graphql-over-http.ts";
export { readTraceContext, type TraceContext, traceEntries, traceOfOperation } from "./trace-context.ts";
export { tracestateOf } from "./trace-state.ts";
export {
  agentTokenKeysPath,
  agentTokenType,
  arcSubprotocol,
  askContextKey,
  capabilitiesPath,
  drainingKey,
  droppedNotesKey,
  explainContextKey,
  failureContextKey,
  graphqlPath,
  intermediateKindKey,
  memoryContextKey,
  negotiateSubprotocol,
  notesContextKey,
  operationsHeader,
  routingContextKey,
  type SubprotocolChoice,
  streamingContextKey,
  subscriptionsPath,
  subsetHeader,
  tokenContextKey,
  traceparentHeader,
  tracestateHeader,
} from "./well-known.ts";

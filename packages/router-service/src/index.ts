export { type AgentDirectory, createGivenAgents, type GivenAgents } from "./agents/agent-directory.ts";
export { agentDocumentSchema, toAddressedAgent } from "./agents/agent-document.ts";
export {
  createRoutingDirectory,
  type RoutingDirectory,
  type RoutingDirectoryOptions,
} from "./agents/routing-directory.ts";
export type { ClassifierFactory } from "./classifiers.ts";
export { RouterServiceError, type RouterServiceErrorCode } from "./errors.ts";
export { type RouterService, type RouterServiceOptions, startRouterService } from "./service.ts";
export { createVectorSuccession, type VectorSuccessionOptions, type Vectors } from "./vectors.ts";

// What can go wrong in the SDK, as one class with a closed list of codes.
import { LmosError } from "@lmos/primitives";

/** Codes of {@link AgentError}. */
export type AgentErrorCode =
  /** `defineAgent`, `defineTool` or `serve` got something unusable; the message names field, value and remedy. */
  | "InvalidDefinition"
  /** A tool was called with an input that its parameters don't allow. */
  | "InvalidToolInput"
  /** The optional package `ai` isn't installed. */
  | "ModelUnavailable"
  /** The model answered with an error. */
  | "ModelFailed"
  /** The model kept asking for tools. */
  | "TooManyToolRounds"
  /** Agents of one process kept handing the conversation over to each other. */
  | "TooManyHandovers"
  /** The answer is longer than a turn may carry. */
  | "AnswerTooLong"
  /** `respond` gave back, or yielded, something that is no answer. */
  | "InvalidAnswer"
  /** Context, notes or tool calls are more than a turn may carry; the message names them. */
  | "ResultTooLarge"
  /** The request has no user message with text in it. */
  | "NoMessage"
  /** Another capability was asked and gave no answer. */
  | "AskFailed"
  /** A key or a value cannot be remembered as it is. */
  | "InvalidMemory"
  /** PORT or HOST of the environment can't be used. */
  | "InvalidEnvironment";

/** Thrown by this package. */
export class AgentError extends LmosError<AgentErrorCode> {}

// What the code of an agent sees of the turn that it answers.
import type { Message } from "@lmos/protocol";
import type { AgentMemory } from "./memory.ts";
import type { Tool, ToolContext } from "./tool.ts";

/** What `respond` gets. */
export interface TurnContext extends ToolContext {
  /** The text to answer: the last message of the user. */
  readonly message: string;
  /** The conversation so far, that message included. */
  readonly messages: readonly Message[];
  /**
   * Calls a tool; its input is checked first, and the call is named in the result's `toolCalls`. 200 calls a turn and
   * 65,536 characters of inputs in all, else an `AgentError` `ResultTooLarge`.
   */
  call<Input, Output>(tool: Tool<Input, Output>, input: Input): Promise<Output>;
  /**
   * Asks whoever offers that capability in this channel, through the runtime; the answer's text. An `AgentError`
   * `AskFailed` when nobody does, when that agent waits for this one, or when it fails.
   */
  ask(capability: string, text: string): Promise<string>;
  /** What is remembered for the conversation and the user, shared with other agents as far as the scope says. */
  readonly memory: AgentMemory;
  /**
   * Adds to the context that is returned with the answer; a later value under the same key wins. 100 entries and 16,384
   * characters in all, else an `AgentError` `ResultTooLarge`.
   */
  setContext(key: string, value: string): void;
  /**
   * Says something on the way ("Looking up your invoice …"). Only callers that asked for notes get it. While a hundred wait
   * for a slow reader further ones are dropped; the answer says how many, and so does the log. Above 8,192 characters an
   * `AgentError` `ResultTooLarge`.
   */
  note(text: string): void;
}

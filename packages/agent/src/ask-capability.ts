// An agent's question to whoever offers a capability in the channel: a request to the runtime that runs the turn, at the
// address that came with the turn.
import { errorMessage } from "@lmos/primitives";
import { z } from "zod";
import { bearer } from "./bearer.ts";
import { AgentError } from "./errors.ts";

const problemSchema = z.object({ code: z.string(), detail: z.string() });
const answerSchema = z.object({ content: z.string() });

/** What is asked of whom, until when. */
export interface CapabilityQuestion {
  readonly capability: string;
  readonly text: string;
  /** Undefined where the caller runs no other agents. */
  readonly url: string | undefined;
  /** Proves that it is this agent that asks, where the turn came with one. */
  readonly token?: string | undefined;
  readonly signal: AbortSignal;
}

/** The answer's text. Throws an {@link AgentError} `AskFailed`. */
export async function askCapability({
  capability,
  text,
  url,
  token,
  signal,
}: CapabilityQuestion): Promise<string> {
  if (url === undefined)
    throw new AgentError("AskFailed", `capability "${capability}": this caller takes no questions`);
  const body = JSON.stringify({ capability, text });
  const headers = { "content-type": "application/json", ...bearer(token) };
  try {
    const response = await fetch(url, { method: "POST", headers, body, signal, redirect: "error" });
    if (!response.ok)
      throw new AgentError("AskFailed", `capability "${capability}": ${await reasonOf(response)}`);
    return answerSchema.parse(await response.json()).content;
  } catch (error) {
    if (error instanceof AgentError || signal.aborted) throw error;
    throw new AgentError("AskFailed", `capability "${capability}": ${errorMessage(error)}`, { cause: error });
  }
}

/** What the runtime says of its refusal, as far as it can be read. */
async function reasonOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  const { data } = problemSchema.safeParse(body);
  return data === undefined ? `status ${response.status}` : `${data.code} (${data.detail})`;
}

// One turn of an agent: choose it, call its code, turn what comes back into results. Whatever goes wrong becomes
// one `ERROR` result with a text that is safe to show; the cause is in the log. By default there is exactly one
// result; a caller that opted in gets deltas and notes before it.
import { abortable, DeadlineExceededError, withDeadline } from "@lmos/primitives";
import { type AgentResult, handoverTarget } from "@lmos/protocol";
import { collectAnswer } from "./collect-answer.ts";
import type { Agent } from "./define-agent.ts";
import { AgentError } from "./errors.ts";
import type { ReplyMessage } from "./reply.ts";
import { ResultQueue } from "./result-queue.ts";
import { Turn, type TurnInput, type TurnServices } from "./turn.ts";

const maxHandovers = 20;

/** Starts the turn; its results end with `MESSAGE` or `ERROR`, or early when the signal is aborted. */
export function runTurn(
  input: TurnInput,
  services: TurnServices,
  { signal }: { readonly signal: AbortSignal },
): AsyncIterable<AgentResult> {
  const results = new ResultQueue<AgentResult>();
  void produce(input, { services, results, signal }).finally(() => results.end());
  return results;
}

/** The agent of that name, or the first where there is no such one. */
export function agentNamed(name: string | undefined, agents: TurnServices["agents"]): Agent {
  return agents.find((agent) => agent.name === name) ?? agents[0];
}

interface Production {
  readonly services: TurnServices;
  readonly results: ResultQueue<AgentResult>;
  readonly signal: AbortSignal;
}

/** Never rejects. */
async function produce(input: TurnInput, { services, results, signal }: Production): Promise<void> {
  using deadline = withDeadline("the turn", services.timeoutMs, { signal, clock: services.clock });
  const turn = new Turn(input, services, { results, signal: deadline.signal });
  try {
    deadline.signal.throwIfAborted();
    const reply = await abortable(answer(turn, input, services), deadline.signal);
    const result = turn.finalResult(reply);
    turn.logger.info("Turn answered", { status: reply.status, seconds: turn.seconds() });
    void results.push(result);
  } catch (error) {
    if (signal.aborted) {
      turn.logger.info("Turn abandoned by its caller", { seconds: turn.seconds() });
      return;
    }
    turn.logger.error("Turn failed", { error, seconds: turn.seconds() });
    void results.push(turn.errorResult(safeText(error)));
  } finally {
    turn.logDroppedNotes();
  }
}

/** Lets the agent answer, and those that it hands over to as far as they are served here. */
async function answer(turn: Turn, input: TurnInput, { agents }: TurnServices): Promise<ReplyMessage> {
  let agent = agentNamed(input.agentName, agents);
  for (let handovers = 0; handovers <= maxHandovers; handovers++) {
    const context = turn.contextFor(agent.name);
    const reply = await collectAnswer(agent.respond(context), {
      onDelta: (text) => turn.sendDelta(text),
      signal: context.signal,
    });
    const target = handoverTarget(reply.status);
    const next = agents.find(({ name }) => name === target);
    if (next === undefined) return reply;
    turn.logger.info("Conversation handed over", { from: agent.name, to: next.name });
    agent = next;
  }
  throw new AgentError("TooManyHandovers", `more than ${maxHandovers} handovers in one turn`);
}

function safeText(error: unknown): string {
  if (error instanceof DeadlineExceededError) return "This took too long. Please try again.";
  if (error instanceof AgentError && error.code === "NoMessage") return "There is no message to answer.";
  return "Something went wrong here. Please try again.";
}

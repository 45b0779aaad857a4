/** Answers of agents as iterables: those that are read, and those that a test's agents give. */
import type {
  AgentCall,
  AgentConnection,
  AgentReply,
  Replies,
  ReplyReader,
} from "../agents/agent-connection.ts";

/** Reads an answer to its end. Leaving the loop leaves the answer; aborting does, too, and throws the signal's reason. */
export async function* repliesOf<Reply extends { readonly kind: string }>(
  ask: (reader: ReplyReader<Reply>) => Replies,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Reply, void> {
  signal?.throwIfAborted();
  let next = Promise.withResolvers<Reply>();
  const replies = ask({ take: (reply) => next.resolve(reply), fail: (error) => next.reject(error) });
  const onAbort = (): void => {
    replies.leave();
    next.reject(signal?.reason);
  };
  signal?.addEventListener("abort", onAbort);
  try {
    for (let isLast = false; !isLast; ) {
      next = Promise.withResolvers<Reply>();
      replies.read();
      const reply = await next.promise;
      isLast = reply.kind !== "result";
      yield reply;
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    replies.leave();
  }
}

/** How a test's agent answers; it is aborted when the answer is left. */
export type AnswerScript = (
  call: AgentCall,
  options: { readonly signal: AbortSignal },
) => AsyncGenerator<AgentReply>;

/** A connection to such agents. */
export function connectionOf(script: AnswerScript): AgentConnection {
  return { ask: (call, reader) => new ScriptedReplies(call, script, reader) };
}

class ScriptedReplies implements Replies {
  readonly #reader: ReplyReader<AgentReply>;
  readonly #left = new AbortController();
  readonly #answer: AsyncGenerator<AgentReply>;

  constructor(call: AgentCall, script: AnswerScript, reader: ReplyReader<AgentReply>) {
    this.#reader = reader;
    this.#answer = script(call, { signal: this.#left.signal });
  }

  read(): void {
    this.#answer.next().then(
      (step) => this.#give(step),
      (error: unknown) => {
        if (!this.#left.signal.aborted) this.#reader.fail(error);
      },
    );
  }

  leave(): void {
    this.#left.abort();
    this.#answer.return(undefined).catch(() => undefined); // it was aborted
  }

  #give(step: IteratorResult<AgentReply, void>): void {
    if (this.#left.signal.aborted) return;
    if (step.done === true) this.#reader.fail(new Error("the script has no reply more"));
    else this.#reader.take(step.value);
  }
}

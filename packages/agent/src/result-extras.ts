// What a turn gives back beside its text: context, and the tools that it called. All of it goes in one frame, so it is
// bounded, and whoever adds too much is told at once what it was.
import type { ContextEntry, ToolCall } from "@lmos/protocol";
import { AgentError } from "./errors.ts";

const maxEntries = 100;
const maxKeyLength = 256;
const maxContextLength = 16 * 1024;
const maxToolCalls = 200;
const maxArgumentsLength = 64 * 1024;

/** The extras of one turn. Whatever is too much is an {@link AgentError} `ResultTooLarge`. */
export class ResultExtras {
  readonly #context = new Map<string, string>();
  readonly #toolCalls: ToolCall[] = [];
  #contextLength = 0;
  #argumentsLength = 0;

  /** The context so far. */
  get context(): readonly ContextEntry[] {
    return [...this.#context].map(([key, value]) => ({ key, value }));
  }

  /** The calls so far. */
  get toolCalls(): readonly ToolCall[] {
    return this.#toolCalls;
  }

  /** Adds to the context; a later value under the same key wins. At most 100 entries, and 16,384 characters in all. */
  setContext(key: string, value: string): void {
    if (typeof value !== "string") throw tooLarge(`${named(key)}: its value is ${typeof value}; give a text`);
    if (key.length > maxKeyLength)
      throw tooLarge(`${named(key)}: the key has ${key.length} characters; take at most ${maxKeyLength}`);
    const before = this.#context.get(key);
    if (before === undefined && this.#context.size >= maxEntries)
      throw tooLarge(`${named(key)}: there are ${maxEntries} entries, which is the most; join some`);
    const grown = value.length + (before === undefined ? key.length : -before.length);
    if (this.#contextLength + grown > maxContextLength) {
      throw tooLarge(
        `${named(key)}: with these ${value.length} characters all entries have more than ${maxContextLength}; keep large values elsewhere and name them here`,
      );
    }
    this.#contextLength += grown;
    this.#context.set(key, value);
  }

  /** Notes that a tool is called. At most 200 calls, and 65,536 characters of arguments in all. */
  addToolCall(name: string, input: unknown): void {
    const json = argumentsOf(name, input);
    if (this.#toolCalls.length >= maxToolCalls)
      throw tooLarge(`tool "${name}": the turn has called ${maxToolCalls} tools, which is the most`);
    if (this.#argumentsLength + json.length > maxArgumentsLength) {
      throw tooLarge(
        `tool "${name}": with these ${json.length} characters all inputs of the turn have more than ${maxArgumentsLength}; give a name in place of large data`,
      );
    }
    this.#argumentsLength += json.length;
    this.#toolCalls.push({ name, arguments: json });
  }
}

function argumentsOf(name: string, input: unknown): string {
  try {
    return JSON.stringify(input) ?? "null";
  } catch (cause) {
    throw new AgentError("InvalidToolInput", `input of tool "${name}" can't be written as JSON`, { cause });
  }
}

function tooLarge(message: string): AgentError {
  return new AgentError("ResultTooLarge", message);
}

function named(key: string): string {
  return `context ${JSON.stringify(key.slice(0, 100))}`;
}

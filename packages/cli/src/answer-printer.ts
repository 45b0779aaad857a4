/** Shows a streamed answer: what the user is told as data, and beside it how the answer came about. */
import { isRecord } from "@lmos/primitives";
import { CliError } from "./errors.ts";
import type { ChatEvent } from "./runtime-client.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Prints one answer. To a person it comes piece by piece; into a file or a pipe goes the message alone, as pieces may be
 * taken back by a message that differs.
 */
export class AnswerPrinter implements Disposable {
  readonly #terminal: Terminal;
  /** What stands in the line that has begun. */
  #shown = "";
  #answer: string | undefined;
  /** Who was chosen to answer, where it is one agent. */
  #agent = "";

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** The whole message; undefined until it was there. */
  get answer(): string | undefined {
    return this.#answer;
  }

  /** Shows one event. Throws a CliError where it says that there is no answer. */
  see(event: ChatEvent): void {
    if (event.event === "text-delta") this.#showPiece(textOf(event, "text"));
    if (event.event === "message") this.#showMessage(textOf(event, "content"));
    if (event.event === "error") {
      throw new CliError(
        "Findings",
        `${textOf(event, "code")}: ${textOf(event, "message")}${this.#reasonHint()}`,
      );
    }
    if (event.event === "routing") this.#agent = textOf(event, "agent");
    const hint = hintOf(event);
    if (hint !== undefined) this.#hint(hint);
  }

  /** Ends the line of an answer that broke off. */
  [Symbol.dispose](): void {
    this.#endLine();
  }

  /** The user of an agent is told nothing of its faults; its author wants to know. */
  #reasonHint(): string {
    return this.#agent === "" ? "" : ` (its log says why: \`lmos logs ${this.#agent}\` on a laptop)`;
  }

  #showPiece(text: string): void {
    if (!this.#terminal.interactive) return;
    this.#shown += text;
    this.#terminal.write(text);
  }

  #showMessage(content: string): void {
    this.#answer = content;
    const isShown = this.#shown !== "" && this.#shown === content;
    this.#endLine();
    if (!isShown) this.#terminal.print(content);
  }

  #hint(line: string): void {
    this.#endLine();
    this.#terminal.hint(this.#terminal.paint("dim", line));
  }

  #endLine(): void {
    if (this.#shown !== "") this.#terminal.write("\n");
    this.#shown = "";
  }
}

function hintOf(event: ChatEvent): string | undefined {
  switch (event.event) {
    case "routing":
      return routingLine(event);
    case "note":
      return textOf(event, "text");
    case "hand-over":
      return `${textOf(event, "from")} hands over to ${textOf(event, "to")}`;
    case "part":
      return `${textOf(event, "agent")} · ${textOf(event, "capability")} ${textOf(event, "state")}`;
    default:
      return undefined;
  }
}

function routingLine(event: ChatEvent): string {
  const { confidence, parts } = event.data;
  const share = typeof confidence === "number" ? ` ${confidence.toFixed(2)}` : "";
  const agents = agentsOf(parts) || textOf(event, "agent");
  return (
    [textOf(event, "decision"), agents, textOf(event, "capability")]
      .filter((piece) => piece !== "")
      .join(" · ") + share
  );
}

/** Who answers the parts of a message; empty where one agent answers it as a whole. */
function agentsOf(parts: unknown): string {
  if (!Array.isArray(parts)) return "";
  return parts.map((part) => (isRecord(part) ? String(part["agent"]) : "")).join(" + ");
}

function textOf({ data }: ChatEvent, member: string): string {
  const value = data[member];
  return typeof value === "string" ? value : "";
}

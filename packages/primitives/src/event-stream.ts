/** Reads server-sent events (WHATWG HTML, "server-sent events") from a stream of text. */

/** One event. */
export interface StreamEvent {
  /** `message` where the server names none. */
  readonly event: string;
  readonly data: string;
  readonly id: string | undefined;
}

/** What a stream may send. */
export interface EventLimits {
  /** Characters of one event; infinite unless given. */
  readonly maxLength?: number | undefined;
}

/**
 * The events of a stream as they become whole; an unfinished one at the end is dropped, as the standard says.
 *
 * @throws RangeError when an event is longer than it may be.
 */
export async function* readEvents(
  chunks: AsyncIterable<Uint8Array>,
  { maxLength = Number.POSITIVE_INFINITY }: EventLimits = {},
): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let pending = "";
  for await (const chunk of chunks) {
    pending = (pending + decoder.decode(chunk, { stream: true })).replaceAll("\r\n", "\n");
    const blocks = pending.split("\n\n");
    pending = blocks.pop() ?? "";
    if (pending.length > maxLength) throw new RangeError(`an event has more than ${maxLength} characters`);
    yield* blocks.flatMap(parseBlock);
  }
}

function parseBlock(block: string): readonly StreamEvent[] {
  const fields = block.split("\n").flatMap(parseField);
  const data = fields.filter(({ name }) => name === "data").map(({ value }) => value);
  if (data.length === 0) return [];
  const last = (wanted: string): string | undefined => fields.findLast(({ name }) => name === wanted)?.value;
  return [{ event: last("event") ?? "message", data: data.join("\n"), id: last("id") }];
}

function parseField(line: string): readonly { readonly name: string; readonly value: string }[] {
  if (line === "" || line.startsWith(":")) return [];
  const colon = line.indexOf(":");
  if (colon < 0) return [{ name: line, value: "" }];
  return [{ name: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, "") }];
}

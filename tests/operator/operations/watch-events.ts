/** Reads a stream of server-sent events as they come. */

/** One event. */
export interface WatchEvent {
  readonly name: string;
  readonly id: string | undefined;
  readonly data: string;
}

/** What was read so far. */
export interface EventReader {
  readonly events: readonly WatchEvent[];
  /** The id of the last event that had one. */
  readonly lastId: string;
  /** Whether the document of an event holds that text. */
  says(text: string): boolean;
  stop(): void;
}

/** Begins to read; the end of the stream, however it comes, is the end of it. */
export function watchEvents(url: string, headers: Readonly<Record<string, string>>): EventReader {
  const stopping = new AbortController();
  const events: WatchEvent[] = [];
  void read(url, { headers, signal: stopping.signal }, events).catch(() => undefined);
  return {
    events,
    get lastId() {
      return events.findLast(({ id }) => id !== undefined)?.id ?? "";
    },
    says: (text) => events.some(({ data }) => data.includes(`"${text}"`)),
    stop: () => stopping.abort(),
  };
}

async function read(url: string, options: RequestInit, events: WatchEvent[]): Promise<void> {
  const { body } = await fetch(url, options);
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of body ?? []) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    events.push(...blocks.filter((block) => block.includes("event: ")).map(parseEvent));
  }
}

function parseEvent(block: string): WatchEvent {
  const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
  return { name: field("event") ?? "", id: field("id"), data: field("data") ?? "" };
}

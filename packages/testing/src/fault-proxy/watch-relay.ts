/** Passes a watch on, frame by frame (one JSON text a line), and does to it what a fault asks for. */
import { type Clock, isRecord } from "@lmos/primitives";
import type { Fault } from "./fault.ts";

/** One frame of a watch. */
export interface WatchFrame {
  readonly line: string;
  readonly type: string;
  /** `namespace/name`, or the name alone. */
  readonly object: string;
  readonly resourceVersion: string;
}

/** Where the frames go. */
export interface WatchSink {
  /** The frame goes to the client, if it still listens. */
  deliver(frame: WatchFrame): void;
  /** The frame never reaches the client. */
  drop(frame: WatchFrame): void;
}

/** What a relay needs besides the frames. */
export interface WatchRelayOptions {
  readonly sink: WatchSink;
  readonly fault: Fault | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Passes frames on until the server ends the watch, or the fault does. */
export async function relayWatch(
  chunks: AsyncIterable<Uint8Array>,
  { sink, fault, clock, signal }: WatchRelayOptions,
): Promise<void> {
  const withheld = fault?.kind === "withhold" ? new Withheld(sink, fault.ms, { clock, signal }) : undefined;
  let events = 0;
  if (fault?.kind === "errorEvent" && fault.afterEvents === 0) return sink.deliver(errorFrame(fault.status));
  for await (const line of linesOf(chunks)) {
    const frame = parseFrame(line);
    if (frame.type !== "BOOKMARK") events += 1;
    if (fault?.kind === "withhold" && events === fault.nth && frame.type !== "BOOKMARK")
      withheld?.keep(frame);
    else {
      withheld?.replaceBy(frame);
      sink.deliver(frame);
    }
    if (fault?.kind === "errorEvent" && events >= fault.afterEvents)
      return sink.deliver(errorFrame(fault.status));
  }
  withheld?.release(); // later, the client would go on from after it
}

/** At most one frame that is kept back. */
class Withheld {
  readonly #sink: WatchSink;
  readonly #ms: number;
  readonly #timing: { readonly clock: Clock; readonly signal: AbortSignal };
  #frame: WatchFrame | undefined;

  constructor(sink: WatchSink, ms: number, timing: { readonly clock: Clock; readonly signal: AbortSignal }) {
    this.#sink = sink;
    this.#ms = ms;
    this.#timing = timing;
  }

  keep(frame: WatchFrame): void {
    this.#frame = frame;
    this.#timing.clock.sleep(this.#ms, { signal: this.#timing.signal }).then(
      () => this.release(),
      () => undefined, // the watch is over
    );
  }

  /** A later event of the same object cancels it; a bookmark would let the client go on from after it. */
  replaceBy(next: WatchFrame): void {
    const frame = this.#frame;
    if (frame === undefined) return;
    if (next.type === "BOOKMARK") this.release();
    if (next.object !== frame.object) return;
    this.#frame = undefined;
    this.#sink.drop(frame);
  }

  release(): void {
    if (this.#frame !== undefined) this.#sink.deliver(this.#frame);
    this.#frame = undefined;
  }
}

function errorFrame(code: number): WatchFrame {
  const reason = code === 410 ? "Expired" : "InternalError";
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", message: "injected", reason, code };
  return {
    line: JSON.stringify({ type: "ERROR", object: status }),
    type: "ERROR",
    object: "",
    resourceVersion: "",
  };
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line !== "");
  }
}

function parseFrame(line: string): WatchFrame {
  const frame: unknown = JSON.parse(line);
  const object = isRecord(frame) ? frame["object"] : undefined;
  const metadata = isRecord(object) && isRecord(object["metadata"]) ? object["metadata"] : {};
  const { namespace, name, resourceVersion } = metadata;
  const key = typeof namespace === "string" ? `${namespace}/${String(name)}` : String(name ?? "");
  const type = isRecord(frame) ? String(frame["type"]) : "";
  return { line, type, object: key, resourceVersion: String(resourceVersion ?? "") };
}

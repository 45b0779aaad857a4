/**
 * Where the bytes of a connection to an agent are read to, and in which pieces they are passed on. What is known to be the rest
 * of a large frame is read to where its beginning is, and passed on with it: as pieces of some kilobytes, which wait for their
 * frame in the heap of the C library, the frames of a thousand stalled readers would leave holes there that no system gets back.
 */
import { defaultFrameLimits } from "@lmos/protocol";
import { FrameCutter } from "./frame-cutter.ts";

/** One read at most where nobody knows how long the frame is that comes; the same for all connections. */
const shared = Buffer.allocUnsafeSlow(8 * 1024);
/** Below it a copy is cut from Node's pool, which is faster; a longer one would keep a piece of 64 KiB of the pool alive. */
const pooledBytes = 1024;
/** A frame that may be longer than that is refused by who reads it, and needs no room. */
const longestFrame = defaultFrameLimits.frameBytes + 14;

/** The reads of one connection. */
export class FrameReads {
  readonly #cutter = new FrameCutter();
  readonly #passOn: (bytes: Buffer) => void;
  /** One that has not come whole. */
  #frame: Buffer | undefined;
  #filled = 0;

  /** `passOn` is told pieces in order, each its own. */
  constructor(passOn: (bytes: Buffer) => void) {
    this.#passOn = passOn;
  }

  /** Where the next read goes to: no further than to the end of a frame that has begun. */
  get room(): Buffer {
    if (this.#frame !== undefined) return this.#frame.subarray(this.#filled);
    return this.#cutter.left === 0 ? shared : shared.subarray(0, this.#cutter.left);
  }

  /** So many bytes were read to the room that was given last. */
  take(length: number): void {
    if (this.#frame === undefined) this.#split(shared.subarray(0, length));
    else this.#fill(this.#frame, length);
  }

  #fill(frame: Buffer, length: number): void {
    this.#cutter.see(frame.subarray(this.#filled, this.#filled + length));
    this.#filled += length;
    if (this.#filled < frame.length) return;
    this.#frame = undefined;
    this.#passOn(frame);
  }

  /** What is whole is passed on at once. */
  #split(bytes: Buffer): void {
    const begun = this.#begin(bytes, this.#cutter.see(bytes));
    if (begun < bytes.length) this.#passOn(copyOf(bytes.subarray(0, bytes.length - begun)));
  }

  /** Makes room for the frame that begins with the last of these bytes, if it is one that is worth it. */
  #begin(bytes: Buffer, begun: number): number {
    const length = begun + this.#cutter.left;
    if (begun === 0 || length < pooledBytes || length > longestFrame) return 0;
    this.#frame = Buffer.allocUnsafeSlow(length);
    this.#filled = bytes.copy(this.#frame, 0, bytes.length - begun);
    return begun;
  }
}

function copyOf(bytes: Buffer): Buffer {
  if (bytes.length < pooledBytes) return Buffer.from(bytes);
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

/**
 * How many bytes of a WebSocket may be read next, so that whoever pauses after a large frame has read nothing of the one behind
 * it: a thousand paused sockets would hold the beginnings of a thousand frames. It counts bytes only; what they mean, and
 * whether they are allowed, is for who reads the frames.
 *
 *   answer to the upgrade ──► header ──► payload
 *                               ▲───────────┘
 */

/** Follows the bytes of one connection, from the answer to its upgrade on. */
export class FrameCutter {
  /** The upgrade was agreed to: frames come from then on. */
  #upgraded = false;
  /** Of the answer that is being read: bytes so far, its status, and how much of the end of its headers has been seen. */
  #answerBytes = 0;
  #status = 0;
  #endSeen = 0;
  /** Of the header that is being read: bytes so far, and those that say how long the payload is. */
  #headerBytes = 0;
  #lengthCode = 0;
  #length = 0;
  /** Bytes of the frame's payload that have not come. */
  #payloadLeft = 0;

  /** Bytes that are missing of the frame that has begun; 0 where that is not known, or none has. */
  get left(): number {
    return this.#payloadLeft;
  }

  /** Takes note of the bytes that have come; how many of the last ones are the beginning of a frame of which some are left. */
  see(bytes: Uint8Array): number {
    let begunAt = bytes.length;
    let at = this.#upgraded ? 0 : this.#skipAnswers(bytes);
    while (at < bytes.length) {
      if (this.#payloadLeft === 0 && this.#headerBytes === 0) begunAt = at;
      if (this.#payloadLeft > 0) at += this.#skipPayload(bytes.length - at);
      else this.#seeHeader(bytes[at++] ?? 0);
    }
    return this.#payloadLeft > 0 ? bytes.length - begunAt : 0;
  }

  /** How many of them are of answers to the upgrade: one that agrees to it, and hints that may come before it. */
  #skipAnswers(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length && !this.#upgraded) this.#seeAnswer(bytes[at++] ?? 0);
    return at;
  }

  #seeAnswer(byte: number): void {
    if (this.#answerBytes >= statusAt && this.#answerBytes < statusAt + 3) {
      this.#status = this.#status * 10 + byte - digitZero;
    }
    this.#answerBytes += 1;
    if (byte === headersEnd[this.#endSeen]) this.#endSeen += 1;
    else this.#endSeen = byte === headersEnd[0] ? 1 : 0;
    if (this.#endSeen === headersEnd.length) this.#endAnswer();
  }

  #endAnswer(): void {
    this.#upgraded = this.#status === switchingProtocols;
    this.#answerBytes = 0;
    this.#status = 0;
    this.#endSeen = 0;
  }

  #skipPayload(available: number): number {
    const skipped = Math.min(available, this.#payloadLeft);
    this.#payloadLeft -= skipped;
    return skipped;
  }

  /** The second byte says the length, or how many bytes behind it do, and whether a mask of four bytes follows. */
  #seeHeader(byte: number): void {
    this.#headerBytes += 1;
    if (this.#headerBytes === 2) this.#lengthCode = byte;
    else if (this.#headerBytes > 2) this.#length = this.#length * 256 + byte;
    if (this.#headerBytes < 2 + lengthBytes(this.#lengthCode) || this.#headerBytes === 1) return;
    const short = this.#lengthCode & 0x7f;
    const masked = this.#lengthCode >= 0x80 ? 4 : 0;
    this.#payloadLeft = masked + (short < 126 ? short : this.#length);
    this.#headerBytes = 0;
    this.#length = 0;
  }
}

/** Where the status stands behind `HTTP/1.1 `. */
const statusAt = 9;
const digitZero = 48;
const switchingProtocols = 101;
const headersEnd = [13, 10, 13, 10] as const;

function lengthBytes(code: number): number {
  switch (code & 0x7f) {
    case 126:
      return 2;
    case 127:
      return 8;
    default:
      return 0;
  }
}

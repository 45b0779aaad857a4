// One text frame of a graphql-transport-ws socket, checked before anything trusts it: size, nesting, JSON and the
// `type` tag. Never throws, whatever the text is.
import { isRecord } from "@lmos/primitives";
import { parseJson } from "./parse-json.ts";

/** Bounds on what the other side may send. */
export interface FrameLimits {
  /** UTF-8 bytes of one frame. */
  readonly frameBytes: number;
  /** Objects and arrays within each other. */
  readonly depth: number;
  /** UTF-8 bytes of all frames of one turn, counted by the client. */
  readonly turnBytes: number;
}

/** 256 KiB a frame, 32 levels, 4 MiB a turn. */
export const defaultFrameLimits: FrameLimits = {
  frameBytes: 256 * 1024,
  depth: 32,
  turnBytes: 4 * 1024 * 1024,
};

/** A frame that is a JSON object with a `type`, or why it isn't. */
export type ParsedFrame =
  | { readonly kind: "frame"; readonly type: string; readonly fields: Readonly<Record<string, unknown>> }
  | {
      readonly kind: "unreadable";
      readonly reason: string;
      /** It is beyond a bound, it is no JSON object, or it is one that is none of the protocol's. */
      readonly fault: FrameFault;
    };

/** What keeps a frame from being read. */
export type FrameFault = "bound" | "json" | "type";

/** Parses one frame. */
export function parseFrame(text: string, limits: FrameLimits): ParsedFrame {
  if (text.length > limits.frameBytes || utf8Length(text) > limits.frameBytes) {
    return unreadable("bound", `frame is larger than ${limits.frameBytes} bytes`);
  }
  if (nestingDepth(text) > limits.depth)
    return unreadable("bound", `frame is nested deeper than ${limits.depth} levels`);
  const value = parseJson(text);
  if (value === undefined) return unreadable("json", "frame is not JSON");
  // To the original's reader null is an object that has nothing.
  if (!isRecord(value)) return unreadable(value === null ? "type" : "json", "frame is not a JSON object");
  const type = value["type"];
  if (typeof type !== "string") return unreadable("type", 'frame has no text field "type"');
  return { kind: "frame", type, fields: value };
}

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // A surrogate is half of a character of four bytes: it adds one to the unit already counted.
    bytes += unit < 0x800 || isSurrogate(unit) ? 1 : 2;
  }
  return bytes;
}

/** Deepest level of brackets outside of strings; done on the text, so that no parser meets deep input. */
function nestingDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') inString = !inString;
    else if (inString) index += character === "\\" ? 1 : 0;
    else if (character === "{" || character === "[") deepest = Math.max(deepest, ++depth);
    else if (character === "}" || character === "]") depth--;
  }
  return deepest;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

function unreadable(fault: FrameFault, reason: string): Extract<ParsedFrame, { kind: "unreadable" }> {
  return { kind: "unreadable", reason, fault };
}

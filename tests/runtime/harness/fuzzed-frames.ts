/** Frames that an agent may send by mistake or on purpose: half of them no turn's business, the others broken. */
import { SeededRandom } from "@lmos/testing";

/** Whose turn is being answered, and whose else there are. */
export interface FuzzScene {
  readonly seed: number;
  readonly count: number;
  /** The operation that is asked. */
  readonly id: string;
  /** An operation of another turn, which runs or is over. */
  readonly foreignId: string;
  /** Text that must reach nobody but that turn. */
  readonly marker: string;
}

type Make = (scene: FuzzScene, random: SeededRandom) => string | Buffer;

/** Text that would be an event of its own if it were not encoded. */
const forging = "\n\nid: 1\nevent: forged\ndata: {}\n\n";

function result(id: string, content: unknown, type: unknown = "INTERMEDIATE_MESSAGE"): string {
  const messages = [{ role: "assistant", content, format: "text" }];
  const context = [{ key: "lmos.intermediate", value: "delta" }];
  return JSON.stringify({ type: "next", id, payload: { data: { agent: { type, messages, context } } } });
}

/** None of the turn's business: it goes on. */
const harmless: readonly Make[] = [
  () => '{"type":"ping"}',
  () => '{"type":"pong","payload":{"a":1}}',
  ({ foreignId, marker }) => result(foreignId, `${marker}${forging}`),
  ({ foreignId }) => JSON.stringify({ type: "complete", id: foreignId }),
  ({ foreignId }) => JSON.stringify({ type: "error", id: foreignId, payload: [{ message: forging }] }),
  ({ id, marker }) => result(id, `${marker}${forging}`),
];

const broken: readonly Make[] = [
  (_scene, random) => Array.from({ length: 40 }, () => String.fromCharCode(random.next() * 0xd7ff)).join(""),
  (_scene, random) => Buffer.from(Array.from({ length: 40 }, () => random.next() * 256)),
  ({ id, marker }, random) => cut(result(id, marker), random),
  ({ id }, random) => flipped(result(id, "text"), random),
  ({ id }) => result(id, 7),
  ({ id }) => result(id, { toString: forging }),
  ({ id }) => result(id, null, ["MESSAGE"]),
  ({ id }) => JSON.stringify({ type: "next", id, payload: [] }),
  ({ id }) => JSON.stringify({ type: "subscribe", id, payload: {} }),
  ({ id }) => `{"type":"next","type":"complete","id":${JSON.stringify(id)}}`,
  ({ id }) => `{"__proto__":{"type":"next"},"id":${JSON.stringify(id)}}`,
  () => '{"type":"connection_ack"}',
  () => `${"[".repeat(60)}${"]".repeat(60)}`,
  () => "null",
];

/** So many frames, the first third of which is harmless: what is broken ends the turn. */
export function* fuzzedFrames(scene: FuzzScene): Generator<string | Buffer> {
  const random = new SeededRandom(scene.seed);
  for (let each = 0; each < scene.count; each++) {
    const kinds = each < scene.count / 3 || random.next() < 0.5 ? harmless : broken;
    const make = kinds[Math.floor(random.next() * kinds.length)];
    if (make !== undefined) yield make(scene, random);
  }
}

function cut(text: string, random: SeededRandom): string {
  return text.slice(0, random.next() * text.length);
}

function flipped(text: string, random: SeededRandom): string {
  const at = Math.floor(random.next() * text.length);
  const other = String.fromCharCode(32 + random.next() * 95);
  return text.slice(0, at) + other + text.slice(at + 1);
}

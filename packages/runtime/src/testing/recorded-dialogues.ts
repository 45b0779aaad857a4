/** Dialogues over `/subscriptions` with the Kotlin runtime, as they were recorded, and a caller who plays them again. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { isRecord } from "@lmos/primitives";
import { expect } from "vitest";
import { z } from "zod";
import { GraphqlCaller } from "./graphql-caller.ts";

/** `open`, or the close frame. */
const endSchema = z.union([z.literal("open"), z.object({ code: z.number(), reason: z.string() })]);
const stepSchema = z.union([
  z.literal("handshake"),
  z.object({
    send: z.unknown(),
    /** Sent before the answers to it are awaited. */
    atOnce: z.boolean().optional(),
    /** A text that is sent as it is. */
    raw: z.boolean().optional(),
  }),
  z.object({ expect: z.unknown() }),
  z.object({ binary: z.string() }),
  z.object({ ping: z.string() }),
  z.object({ pong: z.string() }),
  /** What came before has to have happened before it goes on. */
  z.object({ sleep: z.number() }),
]);
type Step = z.infer<typeof stepSchema>;

/** What came, and how it ended. */
export const outcomeSchema = z.object({ frames: z.array(z.unknown()), end: endSchema });
/** The same, read. */
export type Outcome = z.infer<typeof outcomeSchema>;

const recording = z
  .object({
    documents: z.record(z.string(), z.string()),
    dialogues: z.array(
      z.object({
        name: z.string(),
        offered: z.array(z.string()).nullable().default(["graphql-transport-ws"]),
        subprotocol: z.string().nullable().default("graphql-transport-ws"),
        steps: z.array(stepSchema),
        end: endSchema,
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL("../testdata/recorded-graphql.json", import.meta.url), "utf8")));

/** A dialogue: what was sent and, at its place, what came. */
export type RecordedDialogue = (typeof recording.dialogues)[number];

/** All that were recorded. */
export const recordedDialogues: readonly RecordedDialogue[] = recording.dialogues;

/** What came. */
export function outcomeOf({ steps, end }: RecordedDialogue): Outcome {
  return {
    frames: steps.flatMap((step) => (typeof step === "object" && "expect" in step ? [step.expect] : [])),
    end,
  };
}

/**
 * Sends what was sent, each after the answers to what came before, and gives what came: as many frames as are expected. One
 * too many would come before the pong that ends it. An error that was recorded as `failed` may have any words.
 */
export async function playDialogue(
  url: string,
  { steps, offered, subprotocol }: RecordedDialogue,
  expected: Outcome,
): Promise<Outcome> {
  // Who offers others only is served without one, which this client would not bear.
  using caller = await GraphqlCaller.open(url, subprotocol === null ? [] : (offered ?? []));
  const frames: unknown[] = [];
  const take = async (): Promise<void> => {
    frames.push(worded(await caller.next(), expected.frames[frames.length]));
  };
  for (const step of steps) {
    if (typeof step !== "object" || !("expect" in step)) await send(caller, step);
    else if (frames.length < expected.frames.length) await take();
  }
  while (frames.length < expected.frames.length) await take();
  return { frames, end: expected.end === "open" ? await openOrNot(caller) : await caller.ended() };
}

async function send(caller: GraphqlCaller, step: Exclude<Step, { expect: unknown }>): Promise<void> {
  if (step === "handshake") {
    caller.send({ type: "connection_init" });
    await caller.next();
  } else if ("send" in step) {
    if (step.raw === true) caller.socket.send(String(step.send));
    else caller.send(withDocument(step.send));
  } else if ("binary" in step) caller.socket.send(Buffer.from(step.binary));
  else if ("sleep" in step) await openOrNot(caller);
  else if ("ping" in step) await pong(caller, step.ping);
}

/** Nothing is in the way of the pong that is asked for. */
async function openOrNot(caller: GraphqlCaller): Promise<"open"> {
  caller.send({ type: "ping" });
  expect(await caller.next()).toEqual({ type: "pong" });
  return "open";
}

/** That of the WebSocket, with what the ping had. */
async function pong({ socket }: GraphqlCaller, text: string): Promise<void> {
  const answered = once(socket, "pong");
  socket.ping(text);
  expect(String((await answered)[0])).toBe(text);
}

/** What a turn's error says beside its message is ours alone. */
function worded(frame: unknown, expected: unknown): unknown {
  if (!isRecord(frame) || frame["type"] !== "error" || !Array.isArray(frame["payload"])) return frame;
  if (isRecord(expected) && expected["payload"] === "failed") return { ...frame, payload: "failed" };
  const [first] = frame["payload"];
  const isOfTurn = isRecord(first) && isRecord(first["extensions"]) && "code" in first["extensions"];
  return isOfTurn ? { ...frame, payload: [{ message: first["message"] }] } : frame;
}

/** A long document that is sent again and again has a short name in the recording. */
function withDocument(frame: unknown): unknown {
  if (!isRecord(frame) || !isRecord(frame["payload"])) return frame;
  const document = recording.documents[String(frame["payload"]["query"])];
  return document === undefined ? frame : { ...frame, payload: { ...frame["payload"], query: document } };
}

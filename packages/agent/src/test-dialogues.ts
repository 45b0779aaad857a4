/** For tests: dialogues with ARC 0.126 that were recorded, and a caller who plays them again. */
import { readFileSync } from "node:fs";
import { isRecord } from "@lmos/primitives";
import { z } from "zod";
import { TestCaller, upgradeAnswer } from "./test-caller.ts";

/** `open`, an HTTP status, or the close frame. */
export const endSchema = z.union([z.string(), z.object({ code: z.number(), reason: z.string() })]);
const stepSchema = z.union([
  z.literal("handshake"),
  z.object({ send: z.unknown() }),
  z.object({ expect: z.unknown() }),
  z.object({ binary: z.string() }),
]);
type Step = z.infer<typeof stepSchema>;

const recording = z
  .object({
    documents: z.record(z.string(), z.string()),
    dialogues: z.array(
      z.object({
        name: z.string(),
        offered: z.array(z.string()).nullable().default(["graphql-transport-ws"]),
        steps: z.array(stepSchema),
        end: endSchema,
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL("testdata/arc-0.126-wire.json", import.meta.url), "utf8")));

/** A dialogue: what was sent and, at its place, what came. */
export type Dialogue = (typeof recording.dialogues)[number];

/** All that were recorded. */
export const dialogues: readonly Dialogue[] = recording.dialogues;

/** What came. */
export function framesOf(steps: readonly Step[]): readonly unknown[] {
  return steps.flatMap((step) => {
    if (step === "handshake") return [{ type: "connection_ack" }];
    return "expect" in step ? [step.expect] : [];
  });
}

/** Times differ, as do the ids of turns that have none, and ARC writes a status that there is not as the text "null". */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, member]) => {
    if (key === "responseTime") return [key, 0];
    if (key === "turnId" && /^(made|id-\d+|\d+)$/.test(String(member))) return [key, "made"];
    return [key, key === "status" && member === "null" ? null : masked(member)];
  });
  return Object.fromEntries(entries);
}

interface Playing {
  readonly port: number;
  readonly expected: { readonly frames: readonly unknown[]; readonly end: z.infer<typeof endSchema> };
}

/** Sends what was sent, each after the answers to what came before. Frames too many would come before the last pong. */
export async function play({ offered, steps }: Dialogue, { port, expected }: Playing): Promise<unknown> {
  const header = offered === null ? [] : [`Sec-WebSocket-Protocol: ${offered.join(", ")}`];
  const status = (await upgradeAnswer(port, "/subscriptions", header)).slice(9, 12);
  if (status !== "101") return { frames: [], end: `http ${status}` };
  using caller = await TestCaller.open({ port: port, subprotocols: offered ?? [] });
  const frames: unknown[] = [];
  const take = async () => void frames.push(masked(await caller.next()));
  for (const step of steps) {
    send(caller, step);
    if ((step === "handshake" || "expect" in step) && frames.length < expected.frames.length) await take();
  }
  while (frames.length < expected.frames.length) await take();
  if (typeof expected.end !== "string") return { frames, end: await caller.closed() };
  caller.send({ type: "ping" });
  const last = await caller.next();
  return { frames, end: last["type"] === "pong" ? "open" : last };
}

function send(caller: TestCaller, step: Step): void {
  if (step === "handshake") caller.send({ type: "connection_init" });
  else if ("send" in step) caller.send(withDocument(step.send));
  else if ("binary" in step) caller.socket.send(Buffer.from(step.binary));
}

/** A long document that is sent again and again has a short name in the recording. */
function withDocument(frame: unknown): unknown {
  if (!isRecord(frame) || !isRecord(frame["payload"])) return frame;
  const { payload } = frame;
  const document = recording.documents[String(payload["query"])];
  return document === undefined ? frame : { ...frame, payload: { ...payload, query: document } };
}

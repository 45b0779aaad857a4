/**
 * What the Kotlin runtime answers over connections that are used oddly: several requests, versions of HTTP, framings of
 * bodies, headers. The same answers in the same order; what differs on purpose has its row of docs/compatibility.md.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type OperatedRuntime, startOperatedRuntime } from "../testing/operated-runtime.ts";

const answerSchema = z.object({ status: z.number(), body: z.string().optional() });
const recorded = z
  .array(
    z.object({
      name: z.string(),
      /** What was written, piece by piece; `END` is the end of what the caller sends. */
      steps: z.array(z.string()),
      answers: z.array(answerSchema),
      closed: z.boolean(),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL("../testdata/recorded-connections.json", import.meta.url), "utf8")));
type Recorded = (typeof recorded)[number];
type Answer = z.infer<typeof answerSchema>;

interface Difference {
  readonly row: string;
  readonly names: RegExp;
  /** Statuses that come instead. */
  readonly statuses: readonly number[];
}

const refused = "a connection whose request was refused for its body";
const syntax =
  "a request that breaks the syntax of HTTP: no `Host`, a folded header, a tab in its first line, `http/1.1`, a path without `/`";
const misdirected = "unknown path, wrong method, wrong media type";

const differences: readonly Difference[] = [
  { row: refused, names: /^a fault(, then| and) a call/, statuses: [400] },
  { row: syntax, names: /^(http\/1\.1 in small|no host|a folded|a tab|a path without)/, statuses: [400] },
  {
    row: "HTTP/1.0 with `Connection: keep-alive`",
    names: /^HTTP\/1\.0 with keep-alive/,
    statuses: [200, 200],
  },
  { row: "`Transfer-Encoding: identity`", names: /^transfer-encoding identity/, statuses: [400] },
  { row: "`Expect` of anything but 100-continue", names: /^expect another/, statuses: [417] },
  {
    row: "an upgrade to a WebSocket of another path than `/subscriptions`",
    names: /^an upgrade to a websocket/,
    statuses: [404],
  },
  {
    row: "a method that HTTP does not know; a path of more than 4,096 characters; a path that is not ASCII",
    names: /^a small method/,
    statuses: [400],
  },
  { row: "`CONNECT`", names: /^CONNECT/, statuses: [] },
  { row: misdirected, names: /^OPTIONS/, statuses: [404] },
  { row: misdirected, names: /^DELETE/, statuses: [405] },
  { row: misdirected, names: /^TRACE/, statuses: [404] },
  { row: misdirected, names: /^404 and/, statuses: [404, 200] },
];
const differenceOf = ({ name }: Recorded) => differences.find(({ names }) => names.test(name));
const statusesOf = (answers: readonly Answer[]): readonly number[] => answers.map(({ status }) => status);

let operated: OperatedRuntime;
beforeAll(async () => {
  operated = await startOperatedRuntime();
});
afterAll(() => operated[Symbol.asyncDispose]());

/** Writes the pieces, and reads so many answers; where the connection is closed before, those that came. */
async function answersTo(steps: readonly string[], count: number): Promise<readonly Answer[]> {
  const socket = connect(Number(new URL(operated.running.url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  let text = "";
  socket.on("data", (piece: Buffer) => {
    text += piece.toString("latin1");
    socket.emit("came");
  });
  socket.on("close", () => socket.emit("came"));
  for (const step of steps) {
    if (step === "END") socket.end();
    else socket.write(Buffer.from(step, "latin1"));
  }
  const answers = (): readonly Answer[] => readAnswers(text, steps[0]?.startsWith("HEAD ") === true);
  while (answers().length < count && !socket.destroyed) await once(socket, "came");
  socket.destroy();
  return answers();
}

/** The answers that are whole; the first has no body where it is one to HEAD, whatever length it tells. */
function readAnswers(text: string, isToHead: boolean): readonly Answer[] {
  const answers: Answer[] = [];
  for (let rest = text; rest.includes(endOfHead); ) {
    const head = rest.slice(0, rest.indexOf(endOfHead));
    const after = rest.slice(head.length + endOfHead.length);
    const length = isToHead && answers.length === 0 ? 0 : lengthOf(head, after);
    if (after.length < length) return answers;
    const status = Number(head.split(" ")[1]);
    const isDocument = status === 200 && after.startsWith("{");
    answers.push(isDocument ? { status, body: after.slice(0, length) } : { status });
    rest = after.slice(length);
  }
  return answers;
}

const endOfHead = "\r\n\r\n";
const lastChunk = "0\r\n\r\n";

/** Of the body behind that head; infinite while the end of its chunks is not there. */
function lengthOf(head: string, after: string): number {
  if (!/\r\ntransfer-encoding: chunked/i.test(head))
    return Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
  return after.includes(lastChunk) ? after.indexOf(lastChunk) + lastChunk.length : Number.POSITIVE_INFINITY;
}

describe("is answered as it was:", () => {
  test.each(recorded.filter((each) => differenceOf(each) === undefined))(
    "$name",
    async ({ steps, answers }) => {
      expect(await answersTo(steps, answers.length)).toEqual(answers);
    },
  );
});

describe("is answered otherwise:", () => {
  test.each(recorded.filter((each) => differenceOf(each) !== undefined))("$name", async (each) => {
    const statuses = differenceOf(each)?.statuses ?? [];
    expect(statusesOf(each.answers)).not.toEqual(statuses);
    expect(statusesOf(await answersTo(each.steps, Math.max(statuses.length, 1)))).toEqual(statuses);
  });
});

describe("the table of differences", () => {
  const documented = readFileSync(new URL("../../../../docs/compatibility.md", import.meta.url), "utf8");

  test.each(differences)("has a row for, and names something by, $names", (difference) => {
    expect(documented).toContain(`\n| ${difference.row} |`);
    expect(recorded.some((each) => differenceOf(each) === difference)).toBe(true);
  });
});

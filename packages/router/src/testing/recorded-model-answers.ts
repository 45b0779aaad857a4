/** What a language model answered the Kotlin runtime over HTTP, as it was sent, and whether it was read. */
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { z } from "zod";

const readingSchema = z.object({
  /** Whether an agent was taken out of it. */
  read: z.boolean(),
  /** How often the model was asked for it. */
  calls: z.int(),
});

const answerSchema = z.object({
  name: z.string(),
  status: z.int().default(200),
  /** Media type; null where none was said. */
  type: z.string().nullable().default("application/json"),
  location: z.string().optional(),
  retryAfter: z.string().optional(),
  encoding: z.literal("gzip").optional(),
  /** Where the connection was cut. */
  cut: z.enum(["before", "within"]).optional(),
  /** So often it came, and then a good one; always unless it is there. */
  times: z.int().optional(),
  /** NAME stands for the member, VALUE for what is chosen, LONG for a long text. */
  body: z.string(),
  router: readingSchema,
  classifier: readingSchema,
});

/** An answer. */
export type RecordedModelAnswer = z.infer<typeof answerSchema>;

/** All of them. */
export const recordedModelAnswers: readonly RecordedModelAnswer[] = z
  .array(answerSchema)
  .parse(
    JSON.parse(readFileSync(new URL("../testdata/recorded-model-answers.json", import.meta.url), "utf8")),
  );

/** Sends it as it was sent, choosing that id. */
export function sendAnswer(answer: RecordedModelAnswer, id: string, response: ServerResponse): void {
  if (answer.cut === "before") return void response.destroy();
  if (answer.cut === "within") {
    response.writeHead(200, { "content-length": "500" });
    return void response.write('{"id":"1","choi', () => response.destroy());
  }
  const text = answer.body.replaceAll("NAME", "id").replaceAll("VALUE", id).replaceAll("CAPITALS", "ID");
  const body = text.replaceAll("LONG", "w".repeat(3000));
  response.writeHead(answer.status, headersOf(answer));
  response.end(answer.encoding === "gzip" ? gzipSync(body) : body);
}

function headersOf({ type, location, retryAfter, encoding }: RecordedModelAnswer): Record<string, string> {
  return {
    ...(type !== null && { "content-type": type }),
    ...(location !== undefined && { location }),
    ...(retryAfter !== undefined && { "retry-after": retryAfter }),
    ...(encoding !== undefined && { "content-encoding": encoding }),
  };
}

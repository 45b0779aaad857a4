/** Reads the bodies of requests: JSON in Unicode whatever charset is named, as Jackson does, and nothing that only looks like it. */
import type { FastifyInstance } from "fastify";
import { jsonText } from "./json-text.ts";

/** The types that Spring's codec for JSON reads, the wildcard among them. */
const jsonTypes = [
  "application/json",
  "application/x-ndjson",
  /^application\/(?:\*|[\w.-]+)\+json\b/i,
] as const;

/** Lets the server read JSON, and no plain text. Fields that nobody knows are ignored, `__proto__` like any other. */
export function acceptJsonBodies(app: FastifyInstance): void {
  app.removeContentTypeParser(["text/plain", "application/json"]);
  const parse = app.getDefaultJsonParser("remove", "remove");
  for (const type of jsonTypes) {
    app.addContentTypeParser<Buffer>(type, { parseAs: "buffer" }, (request, body, done) => {
      const text = jsonText(body);
      if (text === undefined) done(new SyntaxError("The body is no text in Unicode"));
      else void parse(request, text, done);
    });
  }
}

/** Reads the bodies of requests: JSON in UTF-8, and nothing that only looks like it. */
import { isAscii, isUtf8 } from "node:buffer";
import { hasOtherCharset } from "@lmos/primitives";
import type { FastifyInstance, FastifyRequest } from "fastify";

/** Code of the error for a body whose characters are other ones than would be read. */
export const otherCharset = "LMOS_OTHER_CHARSET";

const jsonTypes = ["application/json", /^application\/[\w.-]+\+json\b/i] as const;

/** Lets the server read JSON, and no plain text. Fields that nobody knows are ignored, `__proto__` like any other. */
export function acceptJsonBodies(app: FastifyInstance): void {
  app.removeContentTypeParser(["text/plain", "application/json"]);
  const parse = app.getDefaultJsonParser("remove", "remove");
  for (const type of jsonTypes) {
    app.addContentTypeParser<Buffer>(type, { parseAs: "buffer" }, (request, body, done) => {
      const fault = faultOf(request, body);
      if (fault === undefined) void parse(request, body.toString("utf8"), done);
      else done(fault);
    });
  }
}

function faultOf({ raw }: FastifyRequest, body: Buffer): Error | undefined {
  if (isAscii(body)) return undefined; // in all charsets that get here
  // Latin-1 and its like write ASCII as UTF-8 does; of what is beyond it nobody can tell which was meant.
  if (hasOtherCharset(raw))
    return Object.assign(new Error("The body is not in UTF-8"), { code: otherCharset });
  return isUtf8(body) ? undefined : new SyntaxError("The body is not in UTF-8");
}

/**
 * `node described-agent-program.ts`: an agent that describes itself as it is told to. What that is stands in DOCUMENT (at
 * DOCUMENT_PATH only, where that is given), until its parent, if it has one, says otherwise; it ends with that.
 */
import { createServer } from "node:http";
import { z } from "zod";

const toldSchema = z.object({ path: z.string().optional(), text: z.string() });
let told: z.infer<typeof toldSchema> = {
  path: process.env["DOCUMENT_PATH"],
  text: process.env["DOCUMENT"] ?? "",
};
let requests = 0;

const server = createServer((request, response) => {
  requests += 1;
  process.send?.({ kind: "asked", requests });
  const isHere = told.path === undefined || told.path === request.url;
  if (isHere) response.setHeader("content-type", "application/json").end(told.text);
  else response.writeHead(404).end();
});

process.on("message", (message) => {
  told = toldSchema.parse(message);
  process.send?.({ kind: "told" });
});
process.on("disconnect", () => process.exit());

server.listen(Number(process.env["PORT"] ?? 0), "127.0.0.1", () => {
  const { port } = z.object({ port: z.number() }).parse(server.address());
  process.send?.({ kind: "listening", port });
});

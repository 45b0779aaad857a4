/**
 * The baseline of streams: Node's own HTTP server, which reads a JSON body, begins an event stream and leaves it open until
 * its parent wants the end. No turn, no agent. What it takes, no server on Node's HTTP can go below.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { collectYoungObjectsAlone, letHeapGrow, makeObjectsYoung } from "@lmos/primitives";
import { tellPort } from "../tell-port.ts";

// As the runtime does.
collectYoungObjectsAlone();
makeObjectsYoung();
letHeapGrow();

const held = new Set<ServerResponse>();
let holding = false;

process.on("message", (message) => {
  holding = message === "hold";
  if (holding) return;
  for (const response of held) end(response);
  held.clear();
});

function end(response: ServerResponse): void {
  response.end("event: turn-end\ndata: {}\n\n");
}

const server = createServer((request, response) => {
  void text(request).then((body) => {
    JSON.parse(body);
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write("event: turn-start\ndata: {}\n\nevent: routing\ndata: {}\n\n");
    if (holding) held.add(response);
    else end(response);
  });
});
server.listen(0, "127.0.0.1", () => tellPort((server.address() as AddressInfo).port));

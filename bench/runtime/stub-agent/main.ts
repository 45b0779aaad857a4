/**
 * An agent that answers each turn at once, in a process of its own. It speaks the agents' protocol for the runtime, and
 * plain HTTP with the same answer for the bare proxy.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createArcServer, defaultMaxOperations, operationsHeader } from "@lmos/protocol";
import { type WebSocket, WebSocketServer } from "ws";
import { tellPort } from "../tell-port.ts";

const http = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    response.writeHead(200, { "content-type": "application/json", "content-length": plainAnswer.length });
    response.end(plainAnswer);
  });
});
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
// As our agents do, it takes several operations at once on a socket; `--one-operation` makes it like those that don't.
const sharesSockets = !process.argv.includes("--one-operation");
server.on("headers", (headers) => {
  if (sharesSockets) headers.push(`${operationsHeader}: ${defaultMaxOperations}`);
});
const answer = {
  data: {
    agent: {
      status: null,
      type: "MESSAGE",
      responseTime: 0.001,
      messages: [{ role: "assistant", content: "Your order is on its way.", format: "text" }],
      anonymizationEntities: null,
      context: null,
      toolCalls: null,
    },
  },
};

const plainAnswer = Buffer.from(JSON.stringify(answer));

/** Answers that wait until the parent wants them. */
const held = new Set<() => void>();
let holding = false;

process.on("message", (message) => {
  holding = message === "hold";
  if (holding) return;
  for (const give of held) give();
  held.clear();
});

server.on("connection", (socket: WebSocket) => {
  const arc = createArcServer();
  const send = (frames: readonly string[]): void => {
    for (const frame of frames) socket.send(frame);
  };
  socket.on("message", (data) => {
    const { send: frames, events } = arc.receive(data.toString());
    send(frames);
    for (const event of events) {
      if (event.kind !== "subscribed") continue;
      const give = (): void => {
        send(arc.next(event.id, answer).send);
        send(arc.complete(event.id).send);
      };
      if (holding) held.add(give);
      else give();
    }
  });
});
http.listen(0, "127.0.0.1", () => tellPort((http.address() as AddressInfo).port));

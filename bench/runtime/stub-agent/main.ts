/**
 * An agent that answers each turn at once, in a process of its own. It speaks the agents' protocol for the runtime, and
 * plain HTTP with the same answer for the bare proxy.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createArcServer } from "@lmos/protocol";
import { type WebSocket, WebSocketServer } from "ws";
import { tellUsage } from "../usage.ts";

const http = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    response.writeHead(200, { "content-type": "application/json", "content-length": plainAnswer.length });
    response.end(plainAnswer);
  });
});
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
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
      send(arc.next(event.id, answer).send);
      send(arc.complete(event.id).send);
    }
  });
});
http.listen(0, "127.0.0.1", () => tellUsage((http.address() as AddressInfo).port));

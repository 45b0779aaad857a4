/** An agent that answers each turn at once, in a process of its own; tells its port to its parent. */
import type { AddressInfo } from "node:net";
import { createArcServer } from "@lmos/protocol";
import { type WebSocket, WebSocketServer } from "ws";

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
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
server.on("listening", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("disconnect", () => process.exit());

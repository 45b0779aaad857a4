/** The two ways to ask the stub agent: through a runtime, and directly as a baseline. */
import { Agent, request } from "node:http";
import { type AgentRequest, arcSubprotocol, createArcClient, subscriptionsPath } from "@lmos/protocol";
import { WebSocket } from "ws";

const connections = new Agent({ keepAlive: true });
/** Conversations that the turns belong to, as in the measurement of the Kotlin runtime. */
const conversations = 1000;

/** Sends one message to a runtime and reads the answer; throws unless it is an answer of the agent. */
export function askRuntime(
  port: number,
  turn: { readonly index: number; readonly message: string; readonly agent?: string },
): Promise<void> {
  const body = JSON.stringify({
    inputContext: { messages: [{ role: "user", content: turn.message }], explicitAgent: turn.agent },
    systemContext: { channelId: "web" },
    userContext: { userId: "u1" },
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const call = request({
    agent: connections,
    port,
    host: "127.0.0.1",
    method: "POST",
    path: `/apis/v1/acme/chat/c${turn.index % conversations}/message`,
    headers: {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "x-turn-id": "t",
    },
  });
  call.on("response", (response) => {
    response.resume();
    response.on("end", () =>
      response.statusCode === 200 ? resolve() : reject(new Error(`status ${response.statusCode}`)),
    );
  });
  call.on("error", reject);
  call.end(body);
  return promise;
}

const agentRequest: AgentRequest = {
  messages: [{ role: "user", content: "where is my order", format: "text" }],
  conversationContext: { conversationId: "c1", turnId: "t" },
  systemContext: [],
  userContext: { userId: "u1", profile: [] },
};

/** Asks the agent over a socket of its own, as a runtime does, and reads to the end. */
export function askAgent(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const client = createArcClient({ operationId: "1", request: agentRequest });
  const socket = new WebSocket(`ws://127.0.0.1:${port}${subscriptionsPath}`, [arcSubprotocol], {
    perMessageDeflate: false,
  });
  socket.on("error", reject);
  socket.on("open", () => client.open().send.forEach((frame) => void socket.send(frame)));
  socket.on("message", (data) => {
    const { send, events } = client.receive(data.toString());
    for (const frame of send) socket.send(frame);
    if (events.some(({ kind }) => kind === "failed" || kind === "violation")) reject(new Error("no answer"));
    if (!events.some(({ kind }) => kind === "completed")) return;
    socket.close(1000);
    resolve();
  });
  return promise;
}

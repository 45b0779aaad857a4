/**
 * The baseline: a bare proxy that reads a JSON body, sends it on to the agent over kept connections and answers with
 * what comes back. No routing, no validation, no protocol. Started with the agent's port.
 */
import type { AddressInfo } from "node:net";
import fastify from "fastify";
import { Pool } from "undici";
import { tellPort } from "../tell-port.ts";

const agent = new Pool(`http://127.0.0.1:${process.argv[2]}`, { connections: 64 });
const app = fastify();
app.post("/*", async (request, reply) => {
  const { body } = await agent.request({
    path: "/",
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request.body),
  });
  return reply.header("content-type", "application/json").send(Buffer.from(await body.arrayBuffer()));
});
await app.listen({ host: "127.0.0.1", port: 0 });
tellPort((app.server.address() as AddressInfo).port);

import { once } from "node:events";
import { connect } from "node:net";
import Fastify from "fastify";
import { expect, it } from "vitest";
import { OperatorError } from "../errors.ts";
import { listen } from "./listen.ts";

it("opens a free port and says which, and names a port that is taken", async () => {
  await using first = Fastify();
  await using second = Fastify();
  const address = await listen(first, { host: "127.0.0.1", port: 0 });
  expect(address.port).toBeGreaterThan(0);
  const attempt = listen(second, address);
  await expect(attempt).rejects.toThrow(OperatorError);
  await expect(attempt).rejects.toMatchObject({ code: "ListenFailed", details: { port: address.port } });
});

it("closes at once, though somebody has connected and asked nothing", async () => {
  const server = Fastify();
  const { port } = await listen(server, { host: "127.0.0.1", port: 0 });
  const accepted = once(server.server, "connection");
  const client = connect(port, "127.0.0.1");
  const cut = once(client, "close");
  await accepted;
  await Promise.all([server.close(), cut]); // else it waits for a minute, and the test ends before
});

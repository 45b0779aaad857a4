import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { limitConnections } from "./connection-limit.ts";

/** A server that greets whom it takes. */
async function setUp(max: number) {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    if (!socket.destroyed) socket.write("hello");
  });
  limitConnections(server, max);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const open = async (): Promise<"taken" | "closed"> => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    sockets.push(socket);
    const { promise, resolve } = Promise.withResolvers<"taken" | "closed">();
    socket.once("data", () => resolve("taken"));
    socket.once("close", () => resolve("closed"));
    return promise;
  };
  return { open, sockets, server };
}

test("an address has as many connections as it may, and no more", async () => {
  const { open } = await setUp(2);
  expect([await open(), await open(), await open()]).toEqual(["taken", "taken", "closed"]);
});

test("a connection that is closed makes room", async () => {
  const { open, sockets } = await setUp(1);
  await open();
  expect(await open()).toBe("closed");
  sockets[0]?.destroy();
  let outcome = await open();
  for (let tries = 0; tries < 100 && outcome === "closed"; tries++) outcome = await open();
  expect(outcome).toBe("taken");
});

test("without a limit, none is counted", async () => {
  const { open, server } = await setUp(Number.POSITIVE_INFINITY);
  expect(server.listenerCount("connection")).toBe(1);
  expect(await open()).toBe("taken");
});

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { systemClock } from "@lmos/primitives";
import { expect, test } from "vitest";
import { listeningPort } from "./listening-port.ts";
import { startTcpProxy } from "./tcp-proxy.ts";

/** Sends back what it gets. */
async function startEcho(): Promise<Server> {
  const server = createServer((socket) => void socket.on("error", () => undefined).pipe(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

async function startProxied() {
  const echo = await startEcho();
  const proxy = await startTcpProxy({
    target: { host: "127.0.0.1", port: listeningPort(echo) },
    clock: systemClock,
  });
  return {
    proxy,
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      echo.close();
    },
  };
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => undefined); // the proxy cuts it at the end
  return socket;
}

async function said(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [data] = await once(socket, "data");
  return String(data);
}

test("passes data both ways, and ends with a FIN or a RST when told", async () => {
  await using proxied = await startProxied();
  const { proxy } = proxied;
  const first = await open(proxy.port);
  expect(await said(first, "hello")).toBe("hello");
  proxy.cut("fin");
  await once(first, "end");
  const second = await open(proxy.port);
  expect(await said(second, "again")).toBe("again");
  const broken = once(second, "error");
  proxy.cut("reset");
  await expect(broken).resolves.toMatchObject([{ code: "ECONNRESET" }]);
  expect(proxy.accepted).toBe(2);
});

test("swallows what is open when told, and lets new connections through", async () => {
  await using proxied = await startProxied();
  const { proxy } = proxied;
  const old = await open(proxy.port);
  expect(await said(old, "hello")).toBe("hello");
  proxy.blackhole("toClient");
  const heard: unknown[] = [];
  old.on("data", (data) => heard.push(data)).write("lost");
  const fresh = await open(proxy.port);
  expect(await said(fresh, "passes")).toBe("passes");
  expect(heard).toEqual([]);
  expect(old.destroyed).toBe(false);
  old.destroy();
});

test("refuses connections until it accepts again, on the same port", async () => {
  await using proxied = await startProxied();
  const { proxy } = proxied;
  const { port } = proxy;
  await proxy.refuse();
  await expect(open(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await proxy.accept();
  const socket = await open(port);
  expect(await said(socket, "back")).toBe("back");
  expect(proxy.port).toBe(port);
});

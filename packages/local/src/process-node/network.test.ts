import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { systemClock } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { afterEach, describe, expect, test } from "vitest";
import { createPortAllocator, isFreePort } from "./ports.ts";
import { createProber } from "./prober.ts";

const { signal } = new AbortController();
let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function listen(port = 0): Promise<number> {
  server = createServer((request, response) => {
    if (request.url === "/hang") return;
    response.writeHead(Number(request.url?.slice(1))).end("body");
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("a probe", () => {
  const prober = createProber({ clock: systemClock });

  test.each([
    { path: "/200", ready: true },
    { path: "/302", ready: true },
    { path: "/404", ready: false },
    { path: "/503", ready: false },
    { path: undefined, ready: true },
  ])("of $path finds ready: $ready", async ({ path, ready }) => {
    expect(await prober.probe({ port: await listen(), path }, { signal })).toBe(ready);
  });

  test.each(["/200", undefined])("of %s fails where nothing listens", async (path) => {
    const port = await listen();
    server?.close();
    expect(await prober.probe({ port, path }, { signal })).toBe(false);
  });

  test("fails after a second without an answer", async () => {
    const clock = new FakeClock();
    const probing = createProber({ clock }).probe({ port: await listen(), path: "/hang" }, { signal });
    await clock.advance(1000);
    expect(await probing).toBe(false);
  });
});

describe("ports", () => {
  test("are not given twice, and again once released", async () => {
    const ports = createPortAllocator();
    const first = await ports.allocate(undefined);
    expect(await ports.allocate(first)).not.toBe(first);
    ports.release(first);
    expect(await ports.allocate(first)).toBe(first);
  });

  test("that others listen on are replaced", async () => {
    const taken = await listen();
    expect(await isFreePort(taken)).toBe(false);
    expect(await createPortAllocator().allocate(taken)).not.toBe(taken);
  });
});

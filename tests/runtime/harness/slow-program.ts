/**
 * Clients that never finish what they send, half of them their headers and half their bodies. A process of its own, which
 * opens them one after the other and gives each a byte a second, evenly, as `slowhttptest` does: what it costs to send so
 * is not what the runtime is measured by. Started by `slow-clients.ts`.
 */
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

const { port, count } = z
  .object({ port: z.number(), count: z.number() })
  .parse(JSON.parse(process.argv[2] ?? ""));
const head =
  "POST /apis/v1/acme/chat/c/message HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-turn-id: t\r\n";
const starts = [head, `${head}content-length: 1000\r\n\r\n{`];
const stepMs = 10;
const stepsPerSecond = 1000 / stepMs;

process.on("disconnect", () => process.exit());
const sockets: Socket[] = [];
const closed: Promise<number>[] = [];
for (let each = 0; each < count; each++) {
  if (each % (count / stepsPerSecond) === 0) await sleep(stepMs);
  closed.push(open(starts[each % starts.length] ?? head));
}
process.send?.("opened");
let step = 0;
const dripping = setInterval(() => {
  step += 1;
  for (let at = step % stepsPerSecond; at < sockets.length; at += stepsPerSecond) {
    if (sockets[at]?.writable === true) sockets[at]?.write("x");
  }
}, stepMs);
process.send?.(await Promise.all(closed));
clearInterval(dripping);

/** Opens a connection and sends a start; resolves to how long it was open, in milliseconds. */
function open(start: string): Promise<number> {
  const openedAt = performance.now();
  const { promise, resolve } = Promise.withResolvers<number>();
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined);
  socket.on("close", () => resolve(performance.now() - openedAt));
  socket.resume();
  socket.write(start);
  return promise;
}

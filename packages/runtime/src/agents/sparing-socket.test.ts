import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { connectSparingly } from "./sparing-socket.ts";

/** A connection, and its other side. */
async function connected(): Promise<{ readonly socket: Socket; readonly other: Socket }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const socket = connectSparingly({ port, host: "127.0.0.1", path: "/subscriptions" });
  const [other] = (await once(server, "connection")) as [Socket];
  onTestFinished(() => {
    socket.destroy();
    other.destroy();
    server.close();
  });
  return { socket, other };
}

/** What it has told so far. */
function heard(socket: Socket): Buffer[] {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => void chunks.push(chunk));
  return chunks;
}

const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, index) => index % 251));

test("what comes is told in order, whatever comes to others meanwhile", async () => {
  const [first, second] = [await connected(), await connected()];
  const [one, two] = [heard(first.socket), heard(second.socket)];
  const text = bytes(300_000);
  first.other.write(text);
  second.other.write(text.toReversed());
  await expect.poll(() => Buffer.concat([...one, ...two])).toHaveLength(600_000);
  expect(Buffer.concat(one).equals(text)).toBe(true);
  expect(Buffer.concat(two).equals(Buffer.from(text.toReversed()))).toBe(true);
});

test("no piece is larger than a read, and each is the receiver's own", async () => {
  const { socket, other } = await connected();
  const chunks = heard(socket);
  other.write(bytes(200_000));
  await expect.poll(() => Buffer.concat(chunks)).toHaveLength(200_000);
  expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(8 * 1024);
  chunks[0]?.fill(0);
  expect(chunks[1]?.some((byte) => byte !== 0)).toBe(true);
});

test("a paused one tells nothing more, holds nothing, and goes on where it was", async () => {
  const { socket, other } = await connected();
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    if (chunks.length === 1) socket.pause();
  });
  const text = bytes(500_000);
  other.write(text);
  await expect.poll(() => chunks).toHaveLength(1);
  const beside = await connected();
  const heardBeside = heard(beside.socket);
  beside.other.write(bytes(100_000)); // when that is through, the paused one had its chance
  await expect.poll(() => Buffer.concat(heardBeside)).toHaveLength(100_000);
  expect([chunks.length, socket.readableLength]).toEqual([1, 0]);
  socket.resume();
  await expect.poll(() => Buffer.concat(chunks)).toHaveLength(500_000);
  expect(Buffer.concat(chunks).equals(text)).toBe(true);
});

/** Most bytes that were told in one turn of the loop. */
function mostInATurn(socket: Socket): { readonly bytes: number; readonly most: number } {
  const told = { bytes: 0, most: 0, inTurn: 0, fresh: true };
  socket.on("data", ({ length }: Buffer) => {
    if (told.fresh) setImmediate(() => Object.assign(told, { fresh: true }));
    told.inTurn = told.fresh ? length : told.inTurn + length;
    told.fresh = false;
    told.most = Math.max(told.most, told.inTurn);
    told.bytes += length;
  });
  return told;
}

test.each([
  { name: "bytes", text: bytes(2_000_000) },
  { name: "frames", text: Buffer.concat(Array.from({ length: 100 }, () => frameOf(20_000))) },
])("one that has much to tell, $name, lets others have their turn again and again", async ({ text }) => {
  const { socket, other } = await connected();
  const upgraded = Buffer.from("HTTP/1.1 101 Switching Protocols\r\n\r\n");
  const told = mostInATurn(socket);
  other.write(Buffer.concat([upgraded, text]));
  await expect.poll(() => told.bytes, { timeout: 10_000 }).toBe(upgraded.length + text.length);
  expect(told.most).toBeLessThanOrEqual(64 * 1024 + 20_004);
});

test("many that have much to tell are all heard whole, and in order", async () => {
  const text = Buffer.concat(Array.from({ length: 20 }, () => frameOf(50_000)));
  const upgraded = Buffer.from("HTTP/1.1 101 Switching Protocols\r\n\r\n");
  const all = await Promise.all(Array.from({ length: 12 }, () => connected()));
  const chunks = all.map(({ socket }) => heard(socket));
  for (const { other } of all) other.write(Buffer.concat([upgraded, text]));
  const expected = upgraded.length + text.length;
  const lengths = (): readonly number[] =>
    chunks.map((each) => each.reduce((sum, { length }) => sum + length, 0));
  await expect.poll(lengths, { timeout: 10_000 }).toEqual(all.map(() => expected));
  for (const each of chunks) expect(Buffer.concat(each).subarray(upgraded.length).equals(text)).toBe(true);
});

test("one that waits for its turn can be paused, resumed and closed meanwhile", async () => {
  const [paused, closed] = [await connected(), await connected()];
  const [chunks, others] = [heard(paused.socket), heard(closed.socket)];
  const length = (of: readonly Buffer[]): number => of.reduce((sum, each) => sum + each.length, 0);
  paused.socket.on("data", () => {
    paused.socket.pause();
    setImmediate(() => paused.socket.resume());
  });
  closed.socket.on("data", () => length(others) >= 64 * 1024 && closed.socket.destroy());
  const text = bytes(1_000_000);
  paused.other.write(text);
  closed.other.on("error", () => undefined);
  closed.other.write(text);
  await expect.poll(() => length(chunks), { timeout: 10_000 }).toBe(text.length);
  expect(Buffer.concat(chunks).equals(text)).toBe(true);
  expect(closed.socket.destroyed).toBe(true);
  expect(length(others)).toBeLessThanOrEqual(72 * 1024);
});

/** A frame of a server, in the form for 64 KiB at most. */
function frameOf(length: number): Buffer {
  return Buffer.concat([Buffer.from([0x82, 126, length >> 8, length & 0xff]), bytes(length)]);
}

test("one that is paused behind a large frame has read nothing of the next one", async () => {
  const { socket, other } = await connected();
  const answer = Buffer.from("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n");
  const frame = frameOf(40_000);
  const chunks: Buffer[] = [];
  const readBytes = (): number => Buffer.concat(chunks).length;
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    if (readBytes() === answer.length + frame.length) socket.pause();
  });
  other.write(Buffer.concat([answer, frame, frame]));
  await expect.poll(readBytes).toBeGreaterThanOrEqual(answer.length + frame.length);
  expect(Buffer.concat(chunks).equals(Buffer.concat([answer, frame]))).toBe(true);
  socket.resume();
  await expect.poll(readBytes).toBe(answer.length + 2 * frame.length);
  expect(Buffer.concat(chunks).equals(Buffer.concat([answer, frame, frame]))).toBe(true);
});

test("its end and its break are told", async () => {
  const { socket, other } = await connected();
  heard(socket);
  other.end("last");
  await once(socket, "end");
  const broken = await connected();
  const error = once(broken.socket, "error");
  broken.other.resetAndDestroy();
  expect(await error).toMatchObject([{ code: "ECONNRESET" }]);
});

test.each([
  { name: "keeps no more memory than its bytes", length: 5000, keeps: (held: number) => held <= 8192 },
  { name: "shares the pool where it is short", length: 100, keeps: (held: number) => held >= 100 },
])("what comes $name", async ({ length, keeps }) => {
  const { socket, other } = await connected();
  const chunks = heard(socket);
  other.write(bytes(length));
  await expect.poll(() => Buffer.concat(chunks)).toEqual(bytes(length));
  for (const { buffer } of chunks.filter((chunk) => chunk.length >= 1024 || length < 1024)) {
    expect(keeps(buffer.byteLength)).toBe(true);
  }
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ArcServer, type ArcServerStep, createArcServer } from "./arc-server.ts";
import arcDialogues from "./testdata/arc-0.126-dialogues.json" with { type: "json" };
import javaDialogues from "./testdata/java-runtime-dialogues.json" with { type: "json" };

const init = JSON.stringify({ type: "connection_init" });

function subscribe(id: string): string {
  return JSON.stringify({ type: "subscribe", id, payload: { query: "subscription{x}" } });
}

function acknowledged(maxOperations?: number): ArcServer {
  const server = createArcServer({ maxOperations });
  server.receive(init);
  return server;
}

describe("recorded callers", () => {
  it.each([...arcDialogues, ...javaDialogues])("$name is understood", ({ frames }) => {
    const server = createArcServer();
    const steps = frames.filter(({ from }) => from === "caller").map(({ text }) => server.receive(text));
    expect(steps.filter(({ close }) => close !== undefined)).toEqual([]);
    const asked = frames.filter(({ from, text }) => from === "caller" && text.includes('"subscribe"'));
    expect(steps.flatMap(({ events }) => events)).toHaveLength(asked.length);
  });
});

describe("createArcServer", () => {
  it("acknowledges, runs an operation and frees its id at the end", () => {
    const server = createArcServer();
    expect(server.receive(init).send).toEqual(['{"type":"connection_ack"}']);
    expect(server.receive(subscribe("s1")).events).toEqual([
      { kind: "subscribed", id: "s1", operation: { query: "subscription{x}", variables: {} } },
    ]);
    expect(server.next("s1", { data: 1 }).send).toEqual(['{"id":"s1","payload":{"data":1},"type":"next"}']);
    expect(server.complete("s1").send).toEqual(['{"id":"s1","type":"complete"}']);
    expect(server.receive(subscribe("s1")).events).toHaveLength(1);
  });

  it("keeps several operations apart, and drops what comes for one that the caller completed", () => {
    const server = acknowledged();
    server.receive(subscribe("a"));
    server.receive(subscribe("b"));
    expect(server.receive('{"type":"complete","id":"a"}').events).toEqual([{ kind: "cancelled", id: "a" }]);
    expect([server.next("a", {}), server.complete("a"), server.error("a", [])]).toEqual(
      Array(3).fill(nothing),
    );
    expect(server.error("b", [{ message: "no" }]).send).toEqual([
      '{"id":"b","payload":[{"message":"no"}],"type":"error"}',
      '{"id":"b","type":"complete"}',
    ]);
    expect(server.operations).toBe(0);
  });

  it("tells a caller that shares the socket of its end, once there has been a handshake", () => {
    expect(createArcServer().drain()).toEqual(nothing);
    expect(acknowledged().drain().send).toEqual(['{"type":"ping","payload":{"draining":true}}']);
  });

  it("answers ping, also before the handshake, and takes a late complete in its stride", () => {
    const server = createArcServer();
    expect(server.receive('{"type":"ping","payload":{"a":1}}').send).toEqual(['{"type":"pong"}']);
    expect(server.receive('{"type":"complete","id":"gone"}')).toEqual(nothing);
  });

  it("takes one pong for a ping of its own", () => {
    const server = acknowledged();
    server.drain();
    expect(server.receive('{"type":"pong"}')).toEqual(nothing);
    expect(server.receive('{"type":"pong"}').close?.code).toBe(4400);
  });

  it.each([
    { name: "a number as id", given: { id: 7 }, id: "7", query: "{ a }" },
    { name: "an empty id", given: { id: "" }, id: "", query: "{ a }" },
    { name: "no document", given: { payload: {} }, id: "s1", query: "" },
    { name: "a number as document", given: { payload: { query: 1 } }, id: "s1", query: "1" },
  ])("reads a subscribe with $name as Jackson does", ({ given, id, query }) => {
    const frame = { type: "subscribe", id: "s1", payload: { query: "{ a }" }, ...given };
    const { events } = acknowledged().receive(JSON.stringify(frame));
    expect(events).toEqual([{ kind: "subscribed", id, operation: { query, variables: {} } }]);
  });

  it.each([
    { name: "subscribe before init", frames: [subscribe("s1")], code: 4401 },
    { name: "init twice", frames: [init, init], code: 4429 },
    { name: "an id in use", frames: [init, subscribe("s1"), subscribe("s1")], code: 4409 },
    { name: "an unknown type", frames: [init, '{"type":"hello"}'], code: 4400 },
    { name: "a pong that nobody asked for", frames: [init, '{"type":"pong"}'], code: 4400 },
    { name: "not JSON", frames: ["hello"], code: undefined },
    { name: "null", frames: ["null"], code: 4400 },
    {
      name: "subscribe without payload",
      frames: [init, '{"type":"subscribe","id":"s1"}'],
      code: undefined,
    },
    {
      name: "subscribe without id",
      frames: [init, '{"type":"subscribe","payload":{"query":""}}'],
      code: undefined,
    },
    { name: "complete without id", frames: [init, '{"type":"complete"}'], code: undefined },
    { name: "an endless id", frames: [init, subscribe("s".repeat(257))], code: 4400 },
    { name: "a huge frame", frames: [`{"x":"${"x".repeat(300_000)}"}`], code: 4400 },
  ])("closes for $name with $code, and ignores what follows", ({ frames, code }) => {
    const server = createArcServer();
    const last = frames.map((frame) => server.receive(frame)).at(-1);
    expect(last?.close).toEqual({ code, reason: expect.stringMatching(/./) });
    expect(server.receive(init)).toEqual(nothing);
  });

  it.each([
    { name: "before its handshake", frames: [subscribe("s1")], reason: "Unauthorized" },
    { name: "that shakes hands twice", frames: [init, init], reason: "Too many initialisation requests" },
    {
      name: "that uses an id twice",
      frames: [init, subscribe("s1"), subscribe("s1")],
      reason: "Subscriber for s1 already exists",
    },
    {
      name: "whose id has other letters",
      frames: [init, subscribe("ä€"), subscribe("ä€")],
      reason: "Subscriber for ?? already exists",
    },
    { name: "with an unknown type", frames: [init, '{"type":"hello"}'], reason: "Invalid operation" },
    { name: "with a type of the server's", frames: [init, '{"type":"next"}'], reason: "Invalid operation" },
    { name: "with a type of the legacy", frames: [init, '{"type":"start"}'], reason: "Invalid operation" },
    { name: "without a type", frames: [init, "{}"], reason: "Invalid operation" },
    { name: "with a number as type", frames: [init, '{"type":1}'], reason: "Invalid operation" },
    { name: "that is no JSON", frames: [init, "hello"], reason: "frame is not JSON" },
    { name: "that is a list", frames: [init, "[]"], reason: "frame is not a JSON object" },
  ])("says why of a caller $name, in ARC's words where it has some", ({ frames, reason }) => {
    const server = createArcServer();
    expect(frames.map((frame) => server.receive(frame)).at(-1)?.close?.reason).toBe(reason);
  });

  it("closes with 4408 when the handshake takes too long, and only then", () => {
    expect(createArcServer().expireHandshake().close?.code).toBe(4408);
    expect(acknowledged().expireHandshake()).toEqual(nothing);
  });

  it("cancels what is open when it closes", () => {
    const server = acknowledged();
    server.receive(subscribe("a"));
    expect(server.receive("garbage").events).toEqual([{ kind: "cancelled", id: "a" }]);
  });

  it("refuses one operation too many, and goes on with the others", () => {
    const server = acknowledged(1);
    server.receive(subscribe("a"));
    const refused: ArcServerStep = server.receive(subscribe("b"));
    expect(refused).toMatchObject({
      events: [],
      send: [expect.stringContaining("limit"), '{"id":"b","type":"complete"}'],
    });
    expect(server.next("a", {}).send).toHaveLength(1);
  });

  it("never throws, whatever comes, and keeps close reasons short", () => {
    const type = fc.constantFrom("connection_init", "subscribe", "complete", "ping", "pong", "constructor");
    const frame = fc.record({ type, id: fc.jsonValue(), payload: fc.jsonValue() });
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      frame.map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), (frames) => {
        const server = createArcServer();
        for (const each of frames) {
          const { close } = server.receive(each);
          expect(new TextEncoder().encode(close?.reason ?? "").length).toBeLessThanOrEqual(123);
        }
      }),
    );
  });
});

const nothing: ArcServerStep = { send: [], events: [] };

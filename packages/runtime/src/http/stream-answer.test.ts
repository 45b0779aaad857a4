import { silentLogger, systemIds } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultLimits } from "../limits.ts";
import { sourceOf } from "../turn/event-source.ts";
import { turnFailure } from "../turn/failure.ts";
import type { TurnEvent } from "../turn/turn.ts";
import { createHttpServer } from "./server.ts";
import { answerAsStream } from "./stream-answer.ts";

const hello: TurnEvent = { kind: "note", text: "hello" };
const busy: TurnEvent = { kind: "error", failure: turnFailure("agent_busy", "The agent is busy.", 3) };

let app: FastifyInstance;
let requests: FastifyRequest["raw"][];
let ended: number;
/** How many events were left unread. */
let left: number;

beforeEach(() => {
  app = createHttpServer({ logger: silentLogger, ids: systemIds });
  requests = [];
  ended = 0;
  left = 0;
});
afterEach(() => app.close());

async function* told(events: readonly (TurnEvent | Error)[]): AsyncGenerator<TurnEvent, void> {
  let read = 0;
  try {
    for (const event of events) {
      read += 1;
      if (event instanceof Error) throw event;
      yield event;
    }
  } finally {
    left = events.length - read;
  }
}

/** The answer to a client that says a secret in a header. */
function answerWith(events: readonly (TurnEvent | Error)[], lastEventId = 0) {
  app.get("/stream", (request, reply) => {
    requests.push(request.raw);
    const { signal } = new AbortController();
    const onEnded = (): void => {
      ended += 1;
    };
    const patience = { clock: new FakeClock(), limits: defaultLimits };
    return answerAsStream(sourceOf(told(events)), {
      reply,
      patience,
      owner: { signal, onEnded },
      lastEventId,
    });
  });
  return app.inject({ url: "/stream", headers: { authorization: "Bearer secret" } });
}

const headersHeld = (): string =>
  JSON.stringify(requests.map(({ headers, rawHeaders }) => [headers, rawHeaders]));

describe("a stream", () => {
  test("has all events, and ends once", async () => {
    const { statusCode, body } = await answerWith([hello, { kind: "turn-end", ms: 1 }]);
    expect(statusCode).toBe(200);
    expect(body.match(/^event: .*$/gm)).toEqual(["event: note", "event: turn-end"]);
    expect(ended).toBe(1);
  });

  test("holds nothing that its client has said in headers", async () => {
    await answerWith([hello]);
    expect(headersHeld()).not.toContain("secret");
  });

  test("that is resumed goes on with the next number, an error too", async () => {
    const { statusCode, body } = await answerWith([busy], 7);
    expect([statusCode, body.split("\n")[0]]).toEqual([200, "id: 8"]);
  });

  test("that breaks off is cut, and ends once", async () => {
    await answerWith([hello, new Error("broken")]).catch(() => undefined);
    expect([ended, left]).toEqual([1, 0]);
  });
});

describe("what fails before it begins", () => {
  test("is answered with a status, and leaves the events", async () => {
    const { statusCode, body } = await answerWith([busy, hello]);
    expect([statusCode, ended, left]).toEqual([503, 1, 1]);
    expect(body).not.toContain("event:");
  });

  test("without an event is an internal error", async () => {
    const { statusCode } = await answerWith([new Error("secret")]);
    expect([statusCode, ended]).toEqual([500, 1]);
  });
});

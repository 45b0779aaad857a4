import fastify from "fastify";
import { describe, expect, onTestFinished, test } from "vitest";
import { type TurnFailure, type TurnFailureCode, turnFailure } from "../turn/failure.ts";
import { sendFailure, sendTextOnce } from "./error-body.ts";

function appOf(failure: TurnFailure) {
  const app = fastify();
  onTestFinished(() => app.close());
  app.get("/", async (_request, reply) => sendFailure(reply, failure));
  return app;
}

const rows: Readonly<Record<TurnFailureCode, readonly [status: number, errorCode: string]>> = {
  invalid_request: [400, "INVALID_REQUEST"],
  no_routing: [404, "AGENT_NOT_FOUND"],
  routing_unavailable: [500, "INTERNAL_SERVER_ERROR"],
  unknown_agent: [404, "AGENT_NOT_FOUND"],
  wrong_tenant: [403, "FORBIDDEN"],
  agent_unavailable: [503, "AGENT_CLIENT_EXCEPTION"],
  agent_busy: [503, "AGENT_CLIENT_EXCEPTION"],
  agent_quota_exceeded: [429, "AGENT_CLIENT_EXCEPTION"],
  agent_timeout: [504, "AGENT_CLIENT_EXCEPTION"],
  agent_unresponsive: [504, "AGENT_CLIENT_EXCEPTION"],
  agent_interrupted: [500, "AGENT_CLIENT_EXCEPTION"],
  agent_error: [500, "AGENT_CLIENT_EXCEPTION"],
  agent_protocol_error: [500, "AGENT_CLIENT_EXCEPTION"],
  response_too_large: [500, "AGENT_CLIENT_EXCEPTION"],
  no_answer: [500, "INTERNAL_SERVER_ERROR"],
  handover_failed: [500, "AGENT_CLIENT_EXCEPTION"],
  overloaded: [503, "SERVICE_UNAVAILABLE"],
  quota_exceeded: [429, "TOO_MANY_REQUESTS"],
  server_shutdown: [503, "SERVICE_UNAVAILABLE"],
  client_gone: [500, "INTERNAL_SERVER_ERROR"],
  internal: [500, "INTERNAL_SERVER_ERROR"],
};

describe("a failed turn is answered in the Kotlin runtime's words:", () => {
  test.each(Object.entries(rows) as [TurnFailureCode, (typeof rows)[TurnFailureCode]][])(
    "%s",
    async (code, [status, errorCode]) => {
      const answer = await appOf(turnFailure(code, "It failed.")).inject("/");
      expect([answer.statusCode, answer.headers["content-type"], answer.headers["retry-after"]]).toEqual([
        ...[status, "application/json", undefined],
      ]);
      expect(answer.body).toBe(`{"errorCode":"${errorCode}","message":"It failed."}`);
    },
  );
});

test("says when to come back, where that is known", async () => {
  const answer = await appOf(turnFailure("overloaded", "Too much.", 7)).inject("/");
  expect(answer.headers["retry-after"]).toBe("7");
});

test("a message is JSON whatever it holds", async () => {
  const message = 'It said: "no"\r\n\u2028 <b>ü</b> \ud83d\ude00';
  const answer = await appOf(turnFailure("internal", message)).inject("/");
  expect(JSON.parse(answer.body)).toEqual({ errorCode: "INTERNAL_SERVER_ERROR", message });
});

test("a text that is sent past fastify has the headers that were set, and its length in bytes", async () => {
  const app = fastify();
  onTestFinished(() => app.close());
  app.get("/", async (_request, reply) => sendTextOnce(reply.header("x-turn-id", "t1"), '"ü"'));
  const answer = await app.inject("/");
  expect([answer.statusCode, answer.body]).toEqual([200, '"ü"']);
  expect(answer.headers).toMatchObject({
    "content-type": "application/json",
    "content-length": "4",
    "x-turn-id": "t1",
  });
});

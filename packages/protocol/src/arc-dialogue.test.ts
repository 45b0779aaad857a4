/** Both sides of ARC's wire against each other: what one of them writes, the other one reads. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AgentRequest, agentRequestSchema, writeAgentRequest } from "./agent-request.ts";
import type { AgentResult } from "./agent-result.ts";
import { type ArcClient, type ArcClientEvent, type ArcClientStep, createArcClient } from "./arc-client.ts";
import { type ArcServer, type ArcServerStep, createArcServer } from "./arc-server.ts";

const request: AgentRequest = {
  messages: [{ role: "user", content: "hello", format: "text" }],
  conversationContext: { conversationId: "c1" },
  systemContext: [],
  userContext: { profile: [] },
};

/** A socket between them, over which every frame arrives. */
class Wire {
  readonly client: ArcClient;
  readonly server: ArcServer = createArcServer();
  readonly heard: ArcClientEvent[] = [];
  readonly closes: unknown[] = [];
  /** Operations that the server was asked to begin and to stop. */
  readonly begun: string[] = [];
  readonly stopped: string[] = [];

  constructor(asked: AgentRequest = request) {
    this.client = createArcClient({ operationId: "op", request: asked });
    this.fromClient(this.client.open());
  }

  fromClient(step: ArcClientStep): void {
    this.heard.push(...step.events);
    for (const frame of step.send) this.fromServer(this.server.receive(frame));
  }

  fromServer(step: ArcServerStep): void {
    for (const event of step.events) (event.kind === "subscribed" ? this.begun : this.stopped).push(event.id);
    if (step.close !== undefined) this.closes.push(step.close);
    for (const frame of step.send) this.fromClient(this.client.receive(frame));
  }

  get kinds(): readonly string[] {
    return this.heard.map(({ kind }) => kind);
  }
}

const text = fc.string({ unit: "binary", maxLength: 40 }).map((any) => any.toWellFormed());
const entries = fc.array(fc.record({ key: text, value: text }), { maxLength: 3 });
const binary = fc.record(
  { mimeType: text, dataAsBase64: text, source: text },
  { requiredKeys: ["mimeType"] },
);
const message = fc.record(
  {
    role: fc.constantFrom("user" as const, "assistant" as const),
    content: text,
    format: text,
    turnId: text,
    binaryData: fc.array(binary, { maxLength: 2 }),
  },
  { requiredKeys: ["role", "content", "format"] },
);
const anonymizationEntities = fc.array(fc.record({ type: text, value: text, replacement: text }), {
  maxLength: 2,
});
const anyRequest: fc.Arbitrary<AgentRequest> = fc.record({
  messages: fc.array(message, { maxLength: 3 }),
  conversationContext: fc.record(
    { conversationId: text, turnId: text, anonymizationEntities },
    { requiredKeys: ["conversationId"] },
  ),
  systemContext: entries,
  userContext: fc.record({ userId: text, userToken: text, profile: entries }, { requiredKeys: ["profile"] }),
});
const anyResult: fc.Arbitrary<AgentResult> = fc.record(
  {
    status: text.filter((status) => status !== "null"),
    type: fc.constantFrom(
      "MESSAGE" as const,
      "INTERMEDIATE_MESSAGE" as const,
      "EVENT" as const,
      "ERROR" as const,
    ),
    responseTime: fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -1, max: 1e6 })
      .map((value) => value + 0),
    messages: fc.array(message, { maxLength: 2 }),
    anonymizationEntities,
    context: entries,
    toolCalls: fc.array(fc.record({ name: text, arguments: text }), { maxLength: 2 }),
  },
  { requiredKeys: ["type", "responseTime", "messages", "context", "toolCalls"] },
);

describe("a turn over the wire", () => {
  it("is begun once, answered in order, and over for both", () => {
    fc.assert(
      fc.property(fc.array(anyResult, { maxLength: 5 }), (results) => {
        const wire = new Wire();
        expect(wire.begun).toEqual(["op"]);
        for (const agent of results) wire.fromServer(wire.server.next("op", { data: { agent } }));
        wire.fromServer(wire.server.complete("op"));
        expect(wire.heard).toEqual([
          { kind: "acknowledged" },
          ...results.map((result) => ({ kind: "result", result })),
          { kind: "completed" },
        ]);
        expect([wire.server.operations, wire.closes, wire.stopped]).toEqual([0, [], []]);
      }),
    );
  });

  it("asks what it was told to ask, every field of it", () => {
    fc.assert(
      fc.property(anyRequest, (asked) => {
        const written = JSON.parse(JSON.stringify(writeAgentRequest(asked)));
        expect(agentRequestSchema.parse(written)).toEqual(asked);
      }),
    );
  });

  it.each([
    {
      name: "by an error of the agent",
      end: (wire: Wire) => wire.fromServer(wire.server.error("op", [{ message: "no" }])),
      last: "failed",
    },
    {
      name: "by a caller that wants no more",
      end: (wire: Wire) => wire.fromClient(wire.client.cancel()),
      last: "result",
    },
    {
      name: "by the end of its answer",
      end: (wire: Wire) => wire.fromServer(wire.server.complete("op")),
      last: "completed",
    },
  ])("that is ended $name says nothing afterwards", ({ end, last }) => {
    const wire = new Wire();
    const agent = { type: "MESSAGE", responseTime: 0, messages: [], context: [], toolCalls: [] };
    wire.fromServer(wire.server.next("op", { data: { agent } }));
    end(wire);
    const before = wire.kinds;
    expect(before.at(-1)).toBe(last);
    wire.fromServer(wire.server.next("op", { data: { agent } }));
    wire.fromServer(wire.server.complete("op"));
    wire.fromServer(wire.server.error("op", [{ message: "late" }]));
    expect([wire.kinds, wire.server.operations, wire.closes]).toEqual([before, 0, []]);
  });

  it("is stopped at the agent when its caller wants no more", () => {
    const wire = new Wire();
    wire.fromClient(wire.client.cancel());
    expect(wire.stopped).toEqual(["op"]);
  });

  it("is asked in the older words where the agent does not know the newer ones", () => {
    const wire = new Wire();
    const refusal = { message: 'Cannot query field "toolCalls" on type "AgentResult".' };
    wire.fromServer(wire.server.error("op", [refusal]));
    expect([wire.begun, wire.kinds]).toEqual([["op", "op-fallback"], ["acknowledged"]]);
    wire.fromServer(wire.server.complete("op-fallback"));
    expect(wire.kinds).toEqual(["acknowledged", "completed"]);
  });
});

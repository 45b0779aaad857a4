// An agent that asks for tokens, on a real socket: what a caller sees of it.
import { silentLogger } from "@lmos/primitives";
import { FakeClock, SequentialIds } from "@lmos/testing";
import { createTestIssuer, type TestIssuer } from "@lmos/testing/test-issuer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type AgentServer, startAgentServer } from "./agent-server.ts";
import { defineAgent } from "./define-agent.ts";
import { TestCaller } from "./test-caller.ts";
import { createTokenGuard } from "./token-guard.ts";
import { defineTool } from "./tool.ts";

const issuer = "lmos-runtime";
const clock = new FakeClock();
const answered: string[] = [];
let runtime: TestIssuer;
let server: AgentServer;

const whoami = defineTool({
  name: "whoami",
  description: "Says on whose behalf the agent works.",
  parameters: z.object({}),
  execute: (_input, { claims }) => `${claims?.subject} of ${claims?.tenant}`,
});
const agent = defineAgent({
  name: "billing-agent",
  description: "Says who asks.",
  capabilities: [{ name: "who", version: "1.0.0", description: "Says who asks", examples: ["who?"] }],
  supportedChannels: ["web"],
  async respond({ message, call, claims }) {
    answered.push(message);
    return `${await call(whoami, {})}, may ${[...(claims?.scopes ?? [])].join(" and ")}`;
  },
});

beforeAll(async () => {
  runtime = await createTestIssuer("k1", "EdDSA");
  const options = { issuer, audience: "acme/billing-agent", keys: runtime.keys };
  const shared = { clock, ids: new SequentialIds(), logger: silentLogger };
  const guard = await createTokenGuard(options, shared);
  const times = { timeoutMs: 5_000, drainTimeoutMs: 1_000 };
  server = await startAgentServer({
    ...shared,
    ...times,
    agents: [agent],
    guard,
    host: "127.0.0.1",
    port: 0,
  });
});
afterAll(() => server.stop());

const tokenFor = (aud: string): Promise<string> =>
  runtime.token({
    now: clock.now(),
    claims: { iss: issuer, aud, sub: "p1", channel: "web", jti: "j1", scope: "ask memory" },
    header: { typ: "lmos-agent+jwt" },
  });

const query =
  "subscription($request: AgentRequestInput!) { agent(request: $request) { messages { content } } }";
function variablesWith(token: string | undefined, content = "who?") {
  const entries = { tenantId: "acme", channelId: "web", ...(token !== undefined && { "lmos.token": token }) };
  const systemContext = Object.entries(entries).map(([key, value]) => ({ key, value }));
  const messages = [{ role: "user", content, format: "text" }];
  return { request: { messages, systemContext, conversationContext: { conversationId: "c1" } } };
}

const refusal = (id: string) => ({
  type: "error",
  id,
  payload: [{ message: expect.any(String), extensions: { code: "UNAUTHENTICATED" } }],
});

describe("an agent that asks for tokens", () => {
  it("answers who has one, and knows on whose behalf", async () => {
    using caller = await TestCaller.acknowledged({ port: server.port });
    caller.subscribe("1", query, variablesWith(await tokenFor("acme/billing-agent")));
    const [first] = await caller.untilEnd();
    expect(JSON.stringify(first)).toContain("p1 of acme, may ask and memory");
  });

  it.each([
    { name: "without one", token: async () => undefined },
    { name: "with that of another agent", token: () => tokenFor("acme/other-agent") },
    { name: "with that of another tenant's", token: () => tokenFor("globex/billing-agent") },
  ])("refuses an operation $name, and its code sees nothing of it", async ({ token }) => {
    const before = answered.length;
    using caller = await TestCaller.acknowledged({ port: server.port });
    caller.subscribe("1", query, variablesWith(await token()));
    expect(await caller.untilEnd()).toMatchObject([refusal("1"), { type: "complete", id: "1" }]);
    expect(answered).toHaveLength(before);
  });

  it("goes on with the others of the same socket", async () => {
    using caller = await TestCaller.acknowledged({ port: server.port });
    const good = await tokenFor("acme/billing-agent");
    caller.subscribe("1", query, variablesWith(undefined));
    expect(await caller.untilEnd()).toMatchObject([refusal("1"), { type: "complete", id: "1" }]);
    caller.subscribe("2", query, variablesWith(good));
    expect(await caller.untilEnd()).toMatchObject([
      { type: "next", id: "2" },
      { type: "complete", id: "2" },
    ]);
  });

  it("takes no token of the upgrade in place of the operation's", async () => {
    const headers = { authorization: `Bearer ${await tokenFor("acme/billing-agent")}` };
    using caller = await TestCaller.acknowledged({ port: server.port, headers });
    caller.subscribe("1", query, variablesWith(undefined));
    expect(await caller.untilEnd()).toMatchObject([refusal("1"), { type: "complete", id: "1" }]);
  });

  it.each(["/.well-known/capabilities.json", "/health", "/sdl", "/graphql?query={agent{names}}"])(
    "tells everyone %s, which is no operation on a conversation",
    async (path) => {
      expect((await fetch(`http://127.0.0.1:${server.port}${path}`)).status).toBe(200);
    },
  );
});

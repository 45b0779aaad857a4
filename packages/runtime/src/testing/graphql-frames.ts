/** Frames of a client of `/subscriptions`, usual but for what a test wants otherwise. */

/** The handshake. */
export const init = { type: "connection_init" };
/** The shortest query there is. */
export const names = "{ agent { names } }";

/** Begins an operation. */
export const asking = (id: unknown, payload: object = { query: names }): object => ({
  type: "subscribe",
  id,
  payload,
});

/** The subscription of a turn. */
export const turnDocument = `subscription ($request: AgentRequestInput!, $agentName: String) {
  agent(agentName: $agentName, request: $request) { messages { content turnId } responseTime status type }
}`;
/** Tenant and channel. */
export const web = [
  { key: "tenantId", value: "acme" },
  { key: "channelId", value: "web" },
];

function requestOf(overrides: object = {}): object {
  return {
    messages: [{ role: "user", content: "where is my order" }],
    conversationContext: { conversationId: "c" },
    systemContext: web,
    userContext: { userId: "u" },
    ...overrides,
  };
}

/** Begins a turn as the operation `t`. */
export const turnOf = (overrides: object = {}, more: object = {}): object =>
  asking("t", { query: turnDocument, variables: { request: requestOf(overrides), ...more } });

/** Frames of a client of `/subscriptions`, usual but for what a test wants otherwise. */

/** The handshake. */
export const init = { type: "connection_init" };
/** The shortest query there is; sockets are for subscriptions. */
export const names = "{ agent { names } }";

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

/** Variables of a usual turn. */
export const turnVariables = { request: requestOf() };

/** Begins an operation: a usual turn, unless the payload is given. */
export const asking = (
  id: unknown,
  payload: object = { query: turnDocument, variables: turnVariables },
): object => ({ type: "subscribe", id, payload });

/** Begins a turn as the operation `t`. */
export const turnOf = (overrides: object = {}, more: object = {}): object =>
  asking("t", { query: turnDocument, variables: { request: requestOf(overrides), ...more } });

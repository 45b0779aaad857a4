/** Ways to say something to a channel. */
import type { Runtime } from "@lmos/runtime";
import { z } from "zod";
import { GraphqlCaller } from "../../packages/runtime/src/testing/graphql-caller.ts";

/** What was said. */
export interface Message {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly content: string;
  readonly decision: string | null;
  readonly choices: readonly string[];
}

/** Says the last of these messages in a conversation. */
export type Door = (runtime: Runtime, conversation: string, messages: readonly Message[]) => Promise<Answer>;

/** An event of a stream. */
export interface StreamEvent {
  readonly name: string;
  readonly data: unknown;
}

function post(
  { address: { host, port } }: Runtime,
  conversation: string,
  messages: readonly Message[],
  accept: string,
): Promise<Response> {
  return fetch(`http://${host}:${port}/apis/v1/acme/chat/${conversation}/message`, {
    method: "POST",
    headers: {
      accept,
      "content-type": "application/json",
      "x-turn-id": `t${messages.length}`,
      "x-lmos-explain": "true",
    },
    body: JSON.stringify({
      inputContext: { messages },
      systemContext: { channelId: "web" },
      userContext: { userId: "u1" },
    }),
  });
}

/** One answer in JSON. */
export const overRest: Door = async (runtime, conversation, messages) => {
  const response = await post(runtime, conversation, messages, "application/json");
  const body = z.object({ content: z.string().optional() }).parse(await response.json());
  return {
    status: response.status,
    content: body.content ?? "",
    decision: response.headers.get("x-lmos-decision"),
    choices: (response.headers.get("x-lmos-choices") ?? "").split(","),
  };
};

/** The events of the answer to one message. */
export async function streamed(...said: Parameters<Door>): Promise<readonly StreamEvent[]> {
  const response = await post(...said, "text/event-stream");
  const events = (await response.text()).trim().split("\n\n");
  return events.map((event) => {
    const [, name = "", data = "null"] = /^event: (.*)\ndata: (.*)$/m.exec(event) ?? [];
    return { name, data: JSON.parse(data) };
  });
}

const routed = z.object({
  decision: z.string(),
  choices: z.array(z.object({ agent: z.string() })),
});

/** An event stream, read to its end. */
export const overEvents: Door = async (...said) => {
  const events = await streamed(...said);
  const dataOf = (name: string) => events.find((event) => event.name === name)?.data;
  const message = z.object({ content: z.string() }).safeParse(dataOf("message"));
  const routing = routed.parse(dataOf("routing"));
  return {
    status: message.success ? 200 : 500,
    content: message.data?.content ?? "",
    decision: routing.decision,
    choices: routing.choices.map(({ agent }) => agent),
  };
};

const document = `subscription ($request: AgentRequestInput!) {
  agent(request: $request) { messages { content } }
}`;
const frameSchema = z.object({
  type: z.string(),
  payload: z
    .object({ data: z.object({ agent: z.object({ messages: z.array(z.object({ content: z.string() })) }) }) })
    .optional(),
});

/** A subscription over a WebSocket, one socket a message. What was decided can be told from the runtime's own words alone. */
export const overGraphql: Door = async ({ address: { host, port } }, conversation, messages) => {
  using caller = await GraphqlCaller.acknowledged(`http://${host}:${port}`);
  const request = {
    messages: messages.map((message) => ({ ...message, format: "text" })),
    conversationContext: { conversationId: conversation, turnId: `t${messages.length}` },
    systemContext: [
      { key: "tenantId", value: "acme" },
      { key: "channelId", value: "web" },
    ],
    userContext: { userId: "u1", profile: [] },
  };
  caller.send({ type: "subscribe", id: "1", payload: { query: document, variables: { request } } });
  const contents: string[] = [];
  for (;;) {
    const { type, payload } = frameSchema.parse(await caller.next());
    if (type !== "next") break;
    contents.push(...(payload?.data.agent.messages.map(({ content }) => content) ?? []));
  }
  const content = contents.join("");
  return { status: content === "" ? 500 : 200, content, decision: decisionIn(content), choices: [] };
};

function decisionIn(content: string): string {
  if (content.startsWith("[")) return "accept";
  return content.endsWith("?") ? "ask" : "none";
}

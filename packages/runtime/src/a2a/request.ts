/**
 * What A2A clients send over JSON-RPC, in both wordings that are in use: 1.0 (`SendMessage`, roles and states in capitals)
 * and 0.3 (`message/send`, a `kind` on everything).
 */
import { z } from "zod";

/** Which wording a client speaks. */
export type A2aVersion = "0.3" | "1.0";

/** What a client wants. */
export type A2aMethod =
  | "send"
  | "stream"
  | "getTask"
  | "cancelTask"
  | "listTasks"
  | "subscribe"
  | "push"
  | "extendedCard";

const namesOf: Readonly<Record<A2aVersion, Readonly<Record<string, A2aMethod>>>> = {
  "0.3": {
    "message/send": "send",
    "message/stream": "stream",
    "tasks/get": "getTask",
    "tasks/cancel": "cancelTask",
    "tasks/resubscribe": "subscribe",
    "tasks/pushNotificationConfig/set": "push",
    "tasks/pushNotificationConfig/get": "push",
    "tasks/pushNotificationConfig/list": "push",
    "tasks/pushNotificationConfig/delete": "push",
    "agent/getAuthenticatedExtendedCard": "extendedCard",
  },
  "1.0": {
    SendMessage: "send",
    SendStreamingMessage: "stream",
    GetTask: "getTask",
    CancelTask: "cancelTask",
    ListTasks: "listTasks",
    SubscribeToTask: "subscribe",
    CreateTaskPushNotificationConfig: "push",
    GetTaskPushNotificationConfig: "push",
    ListTaskPushNotificationConfigs: "push",
    DeleteTaskPushNotificationConfig: "push",
    GetExtendedAgentCard: "extendedCard",
  },
};

/** A method in the wording of one version. */
export interface NamedMethod {
  readonly version: A2aVersion;
  readonly method: A2aMethod;
}

/** The method of that name. */
export function methodNamed(name: string): NamedMethod | undefined {
  const versions = ["1.0", "0.3"] as const;
  const version = versions.find((each) => Object.hasOwn(namesOf[each], name));
  const method = version === undefined ? undefined : namesOf[version][name];
  return version === undefined || method === undefined ? undefined : { version, method };
}

/** Whether that is a version that is spoken here, by header `A2A-Version`; who says none means any. */
export function isSpoken(version: string | undefined): boolean {
  return version === undefined || /^\s*((1\.0|0\.3)(\.\d+)?)?\s*$/.test(version);
}

/** Characters of an id of JSON-RPC: each event of a stream repeats it. */
const maxIdLength = 256;

const idRemedy = { error: `give a text of at most ${maxIdLength} characters, or a number` };

/** What ties an answer to its request. */
export const rpcIdSchema = z.union([z.string().max(maxIdLength, idRemedy), z.number(), z.null()], idRemedy);

/** A JSON-RPC request. */
export const rpcRequestSchema = z.object({
  jsonrpc: z.literal("2.0", { error: 'give "2.0"' }),
  id: rpcIdSchema,
  method: z.string(),
  params: z.unknown().optional(),
});

/** Parts that are no text (files, data) are not for agents of this runtime and are left out. */
const partSchema = z.object({ text: z.string().optional() });

/** The parameters of both ways to send. */
export const sendParamsSchema = z.object({
  message: z.object({
    messageId: z.string().min(1),
    contextId: z.string().min(1).nullish(),
    role: z.enum(["user", "ROLE_USER"]),
    parts: z.array(partSchema).min(1),
    metadata: z.record(z.string(), z.unknown()).nullish(),
  }),
});

/** A message of a client. */
export type A2aMessage = z.infer<typeof sendParamsSchema>["message"];

/** The parameters of asking for a task. */
export const taskParamsSchema = z.object({ id: z.string() });

/** All text of a message. */
export function textOf({ parts }: A2aMessage): string {
  return parts.flatMap(({ text }) => text ?? []).join("\n\n");
}

/** Whether there is anything that agents could be told. */
export function hasText({ parts }: A2aMessage): boolean {
  return parts.some(({ text = "" }) => text.trim() !== "");
}

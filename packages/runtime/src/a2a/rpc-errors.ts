/** The errors that a call over JSON-RPC may end with: those of JSON-RPC, and those of A2A with their names in A2A 1.0. */
import type { A2aVersion } from "./request.ts";

/** Codes of JSON-RPC. */
export const rpcCode = {
  noJson: -32700,
  invalidRequest: -32600,
  noMethod: -32601,
  invalidParams: -32602,
  internal: -32603,
} as const;

/** An error of A2A. */
export interface A2aError {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}

const noCancelling: Pick<A2aError, "code" | "reason"> = { code: -32002, reason: "TASK_NOT_CANCELABLE" };
const unsupported: Pick<A2aError, "code" | "reason"> = { code: -32004, reason: "UNSUPPORTED_OPERATION" };

/** The errors of A2A that a channel answers with. */
export const a2aErrors = {
  noTask: { code: -32001, reason: "TASK_NOT_FOUND", message: "Task not found" },
  taskAtWork: {
    ...noCancelling,
    message: "A task at work ends with its stream: close that to stop it.",
  },
  taskEnded: { ...noCancelling, message: "The task has ended." },
  noPush: {
    code: -32003,
    reason: "PUSH_NOTIFICATION_NOT_SUPPORTED",
    message: "There are no push notifications: stream the message, or ask for its task.",
  },
  noSecondStream: {
    ...unsupported,
    message: "A task has one stream: ask for the task to learn what became of it.",
  },
  noList: { ...unsupported, message: "Tasks are not listed: ask for one by its id." },
  noExtendedCard: { ...unsupported, message: "There is no extended card: the agent card is all there is." },
  noText: {
    code: -32005,
    reason: "CONTENT_TYPE_NOT_SUPPORTED",
    message: "message.parts has no text: send a part with text, others are not read",
  },
  otherVersion: {
    code: -32009,
    reason: "VERSION_NOT_SUPPORTED",
    message: "Header A2A-Version names a version that is not spoken here: send 1.0 or 0.3.",
  },
} as const satisfies Readonly<Record<string, A2aError>>;

/** What an error of A2A carries beside its code: since 1.0 its name, for clients that know no numbers. */
export function errorDetails({ reason }: A2aError, version: A2aVersion): readonly object[] | undefined {
  if (version === "0.3") return undefined;
  return [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain: "a2a-protocol.org" }];
}

/**
 * Who speaks over a socket. The token comes with the upgrade or, as browsers cannot send one there, in the payload of
 * `connection_init`; it is asked again for each operation, because sockets outlive tokens.
 */
import { isRecord } from "@lmos/primitives";
import type { Authenticator, Caller } from "../auth/identity.ts";

/** Whether an operation may begin, and for whom: for nobody in particular where users don't prove who they are. */
export type SocketCaller =
  | { readonly kind: "allowed"; readonly caller: Caller | undefined }
  | { readonly kind: "refused" };

const allowed: SocketCaller = { kind: "allowed", caller: undefined };

/** The access of one socket. */
export class SocketAccess {
  readonly #authenticator: Authenticator | undefined;
  #authorization: string | undefined;

  constructor(authenticator: Authenticator | undefined, authorization: string | undefined) {
    this.#authenticator = authenticator;
    this.#authorization = authorization;
  }

  /** Takes the token of a frame, where it is the one that may carry it. False when it is and has none, and one is needed. */
  see(frame: string): boolean {
    if (this.#authenticator === undefined || this.#authorization !== undefined) return true;
    const { type, payload } = readFrame(frame);
    if (type !== "connection_init") return true;
    const given = isRecord(payload) ? (payload["authorization"] ?? payload["Authorization"]) : undefined;
    this.#authorization = typeof given === "string" ? given : undefined;
    return this.#authorization !== undefined;
  }

  /** Who speaks now. Never rejects. */
  async caller(): Promise<SocketCaller> {
    if (this.#authenticator === undefined) return allowed;
    const outcome = await this.#authenticator.authenticate(this.#authorization);
    return outcome.kind === "authenticated"
      ? { kind: "allowed", caller: outcome.caller }
      : { kind: "refused" };
  }
}

function readFrame(text: string): { readonly type?: unknown; readonly payload?: unknown } {
  try {
    const frame: unknown = JSON.parse(text);
    return isRecord(frame) ? frame : {};
  } catch {
    return {};
  }
}

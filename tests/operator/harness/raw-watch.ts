/** A watch as it comes over the wire: with `managedFields`, which our client keeps out of sight. */
import { once } from "node:events";
import type { ClientRequest } from "node:http";
import { get } from "node:https";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { ServerAccess } from "../../faults/harness/access.ts";
import { insist } from "../../faults/harness/eventually.ts";

const managedSchema = z.object({
  manager: z.string().default(""),
  operation: z.string().optional(),
  subresource: z.string().optional(),
});

const objectSchema = z.looseObject({
  kind: z.string().optional(),
  metadata: z.looseObject({
    name: z.string(),
    uid: z.string().optional(),
    generation: z.number().optional(),
    resourceVersion: z.string(),
    managedFields: z.array(managedSchema).optional(),
  }),
  spec: z.unknown().optional(),
  status: z.unknown().optional(),
});

/** An object with everything that the server keeps. */
export type RawObject = z.infer<typeof objectSchema>;

/** A change as the server tells it. */
export interface RawEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: RawObject;
}

const frameSchema = z.object({ type: z.string(), object: z.looseObject({}) });

/**
 * Calls `onEvent` for everything that is there and every change; disposing it ends the watch. A watch that the server ends
 * (it does so when a definition is written anew) goes on where it was, or with what is there now where the server has
 * forgotten that: states may be missing then, and none is told twice.
 */
export async function watchRaw(
  server: ServerAccess,
  path: string,
  onEvent: (event: RawEvent) => void,
): Promise<AsyncDisposable> {
  const watch = new RawWatch(server, path, onEvent);
  // A server whose definitions have just changed asks for a moment of patience.
  const first = await insist(() => watch.open());
  const reading = watch.follow(first);
  reading.catch(() => undefined); // disposing tells
  return {
    [Symbol.asyncDispose]: async () => {
      watch.stop();
      await reading;
    },
  };
}

class RawWatch {
  readonly #server: ServerAccess;
  readonly #path: string;
  readonly #onEvent: (event: RawEvent) => void;
  /** The last version of each object. */
  readonly #seen = new Map<string, string>();
  #request: ClientRequest | undefined;
  #version: string | undefined;
  #isStopped = false;

  constructor(server: ServerAccess, path: string, onEvent: (event: RawEvent) => void) {
    this.#server = server;
    this.#path = path;
    this.#onEvent = onEvent;
  }

  /** Asks for everything after the last version that was seen. */
  async open(): Promise<Readable> {
    const { url, token, certificateAuthority } = this.#server;
    const from = this.#version === undefined ? "" : `&resourceVersion=${this.#version}`;
    const sent = get(`${url}${this.#path}?watch=true&timeoutSeconds=3000${from}`, {
      ca: certificateAuthority,
      headers: { authorization: `Bearer ${token}` },
      agent: false,
    });
    this.#request = sent;
    const [response] = await once(sent, "response");
    sent.on("error", () => undefined); // whoever reads hears of it
    if (response.statusCode === 200) return response;
    response.resume();
    this.#version = undefined; // most likely too old a place
    throw new Error(`the watch of ${this.#path} was answered with ${response.statusCode}`);
  }

  async follow(first: Readable): Promise<void> {
    await this.#read(first);
    while (!this.#isStopped) {
      await sleep(50);
      const next = await this.open().catch(() => undefined);
      if (next !== undefined) await this.#read(next);
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#request?.destroy();
  }

  async #read(response: Readable): Promise<void> {
    try {
      for await (const line of createInterface({ input: response })) this.#tell(line);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error; // not the connection's
    }
  }

  #tell(line: string): void {
    const frame = parsed(line);
    if (frame === undefined) return; // cut off in the middle: the next watch brings it whole
    const { type, object } = frameSchema.parse(frame);
    if (type === "ERROR") this.#version = undefined; // what the server can't go on from
    if (type !== "ADDED" && type !== "MODIFIED" && type !== "DELETED") return;
    const read = objectSchema.parse(object);
    const { uid = "", resourceVersion } = read.metadata;
    const last = this.#seen.get(uid);
    this.#version = resourceVersion;
    this.#seen.set(uid, resourceVersion);
    if (type === "DELETED" || last !== resourceVersion)
      this.#onEvent({ type: last === undefined ? type : changeOf(type), object: read });
  }
}

/** An object that is known already is not added once more. */
function changeOf(type: RawEvent["type"]): RawEvent["type"] {
  return type === "ADDED" ? "MODIFIED" : type;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

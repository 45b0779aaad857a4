/** A watch as it comes over the wire: with `managedFields`, which our client keeps out of sight. */
import { once } from "node:events";
import { get } from "node:https";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { ServerAccess } from "../../faults/harness/access.ts";

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

/** Calls `onEvent` for everything that is there and every change; disposing it ends the watch. */
export async function watchRaw(
  { url, token, certificateAuthority }: ServerAccess,
  path: string,
  onEvent: (event: RawEvent) => void,
): Promise<AsyncDisposable> {
  const sent = get(`${url}${path}?watch=true&timeoutSeconds=3000`, {
    ca: certificateAuthority,
    headers: { authorization: `Bearer ${token}` },
    agent: false,
  });
  const [response] = await once(sent, "response");
  let stopped = false;
  const reading = (async (): Promise<void> => {
    try {
      for await (const line of createInterface({ input: response })) tell(line, onEvent);
    } catch (error) {
      if (!stopped) throw error; // else it was cut on purpose
    }
  })();
  sent.on("error", () => undefined); // the reader hears of it
  return {
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      sent.destroy();
      await reading;
    },
  };
}

function tell(line: string, onEvent: (event: RawEvent) => void): void {
  const { type, object } = frameSchema.parse(JSON.parse(line));
  if (type === "ADDED" || type === "MODIFIED" || type === "DELETED") {
    onEvent({ type, object: objectSchema.parse(object) });
  }
}

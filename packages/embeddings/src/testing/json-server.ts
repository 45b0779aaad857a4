/** An HTTP server on loopback that answers as a test's script says, and keeps what it was asked. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** What was asked. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Undefined without a body. */
  readonly body: unknown;
}

/** What is answered; `cut` breaks the connection instead, `hang` never answers. */
export type ScriptedAnswer =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly text?: string;
    }
  | "cut"
  | "hang";

/** A running server; dispose it. */
export interface JsonServer extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
}

/** Starts one on a free port; `answer` is called for each request with its number (from 0). */
export async function startJsonServer(
  answer: (request: SeenRequest, number: number) => ScriptedAnswer,
): Promise<JsonServer> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString("utf8");
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    const asked = { path: request.url ?? "", headers: request.headers, body };
    seen.push(asked);
    const scripted = answer(asked, seen.length - 1);
    if (scripted === "hang") return;
    if (scripted === "cut") return void request.socket.destroy();
    response.writeHead(scripted.status ?? 200, scripted.headers ?? {});
    response.end(scripted.text ?? JSON.stringify(scripted.body ?? {}));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Plain HTTP with a server's credentials: nothing between a case and the wire. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import type { JsonValue } from "@lmos/primitives";
import type { Server } from "../server.ts";

/** What is sent. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  /** Sent as JSON; a text as it is. */
  readonly body?: JsonValue | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What came back; `body` is the parsed JSON, or the text where it is none. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

/** An open watch. */
export interface OpenWatch extends Disposable {
  readonly status: number;
  /** Its events, until it ends. */
  readonly events: AsyncIterator<unknown>;
}

export class HttpClient implements Disposable {
  readonly #server: Server;
  readonly #agent: Agent;

  constructor(server: Server) {
    this.#server = server;
    this.#agent = new Agent({ keepAlive: true, ca: server.certificateAuthority });
  }

  async send(sent: Sent): Promise<Answer> {
    const response = await this.#open(sent);
    const type = (response.headers["content-type"] ?? "").split(";")[0] ?? "";
    return { status: response.statusCode ?? 0, type, body: parsed(await text(response)) };
  }

  async watch(path: string, headers?: Readonly<Record<string, string>>): Promise<OpenWatch> {
    const response = await this.#open({ method: "GET", path, headers });
    response.on("error", () => undefined); // closed by us
    return {
      status: response.statusCode ?? 0,
      events: parsedLines(response),
      [Symbol.dispose]: () => response.destroy(),
    };
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  async #open({ method, path, body, headers }: Sent): Promise<IncomingMessage> {
    const content = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
    const sent = request(`${this.#server.url}${encodeURI(path)}`, {
      agent: this.#agent,
      method,
      headers: {
        authorization: `Bearer ${this.#server.token}`,
        accept: "application/json",
        "user-agent": "conformance/1.0",
        "content-length": String(Buffer.byteLength(content)),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...Object.fromEntries(
          Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
        ),
      },
    });
    sent.end(content);
    const [response] = await once(sent, "response");
    return response;
  }
}

/** Nothing is read before it is asked for, so nothing is lost. */
async function* parsedLines(response: IncomingMessage): AsyncGenerator<unknown> {
  let rest = "";
  for await (const chunk of response.setEncoding("utf8")) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield parsed(line);
  }
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
}

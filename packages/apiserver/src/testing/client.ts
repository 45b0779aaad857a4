/** For tests only: a server in a folder of its own and a client that speaks to it over real HTTPS. */
import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  type Clock,
  type JsonObject,
  type JsonValue,
  silentLogger,
  systemIds,
  systemRandom,
} from "@lmos/primitives";
import type { Retention } from "../lifecycle/compaction.ts";
import { type ApiServer, startApiServer } from "../start.ts";

/** What a test sends beside method and path. */
export interface TestRequest {
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: JsonValue | undefined;
  readonly contentType?: string | undefined;
  readonly accept?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What came back. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The parsed text; an empty object if it is not a JSON object. */
  readonly object: JsonObject;
}

/** A client of one server. */
export interface TestClient extends AsyncDisposable {
  send(method: string, path: string, options?: TestRequest): Promise<TestAnswer>;
  /** The events of a watch as they come; ends with the stream. Aborting the signal hangs up. */
  watch(
    path: string,
    options: { readonly signal: AbortSignal; readonly accept?: string },
  ): AsyncGenerator<JsonObject>;
}

/** A server with its client; disposing it stops both and removes the folder. */
export interface TestServer extends TestClient {
  readonly server: ApiServer;
  readonly directory: string;
}

/** Starts a server in a new folder on a free port. */
export async function startTestServer(options: {
  readonly clock: Clock;
  readonly retention?: Retention | undefined;
}): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), "lmos-apiserver-"));
  const server = await openTestServer(directory, options);
  const client = createTestClient(server);
  return {
    ...client,
    server,
    directory,
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Starts a server on a folder that may hold the state of an earlier one. */
export function openTestServer(
  directory: string,
  options: { readonly clock: Clock; readonly retention?: Retention | undefined; readonly port?: number },
): Promise<ApiServer> {
  const { signal } = new AbortController();
  const rest = { random: systemRandom, ids: systemIds, logger: silentLogger, signal };
  return startApiServer({ directory, port: 0, ...rest, ...options });
}

/** A client with one pool of connections. */
export function createTestClient(
  server: Pick<ApiServer, "port" | "token" | "certificateAuthority">,
): TestClient {
  const agent = new Agent({ keepAlive: true, ca: server.certificateAuthority });
  const open = (method: string, path: string, { body, contentType, accept, headers }: TestRequest) => {
    const options: RequestOptions = { host: "127.0.0.1", port: server.port, path, method, agent };
    const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
    const sent = request({
      ...options,
      headers: {
        Authorization: `Bearer ${server.token}`,
        "Content-Type": contentType ?? "application/json",
        "User-Agent": "test-client/1.0",
        "Content-Length": String(Buffer.byteLength(text)),
        ...(accept === undefined ? {} : { Accept: accept }),
        ...headers,
      },
    });
    sent.end(text);
    return sent;
  };
  return {
    send: (method, path, options = {}) => receive(open(method, path, options)),
    watch: (path, options) => lines(open("GET", path, { accept: options.accept }), options.signal),
    [Symbol.asyncDispose]: async () => agent.destroy(),
  };
}

function receive(sent: ReturnType<typeof request>): Promise<TestAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<TestAnswer>();
  sent.on("error", reject);
  sent.on("response", (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const { statusCode: status = 0, headers } = response;
      resolve({ status, headers, text, object: parseObject(text) });
    });
  });
  return promise;
}

/** Opens the stream at once; its lines wait until they are taken. */
function lines(sent: ReturnType<typeof request>, signal: AbortSignal): AsyncGenerator<JsonObject> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  sent.on("response", resolve).on("error", reject);
  promise.catch(() => undefined); // the test hung up before anything came
  signal.addEventListener("abort", () => sent.destroy(), { once: true });
  return linesOf(promise);
}

async function* linesOf(opening: Promise<IncomingMessage>): AsyncGenerator<JsonObject> {
  const response = await opening;
  response.on("error", () => undefined); // the test hung up
  for await (const line of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
    yield parseObject(line);
  }
}

function parseObject(text: string): JsonObject {
  return text.startsWith("{") ? (JSON.parse(text) as JsonObject) : {};
}

/** An HTTP server with the bounds and the error answers that all doors share. */
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import {
  dropRestOfBody,
  errorMessage,
  faultFields,
  hasUnknownCharset,
  type IdSource,
  isRecord,
  type Logger,
  trackSilentConnections,
} from "@lmos/primitives";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { RuntimeError } from "../errors.ts";
import { limitConnections } from "./connection-limit.ts";
import { correlationIdOf, echoCorrelation } from "./correlation.ts";
import { type ErrorBody, sendError } from "./error-body.ts";
import { acceptJsonBodies } from "./json-body.ts";
import { sendRefusal } from "./refusal.ts";
import { isUri, withoutMatrix } from "./request-target.ts";

/** Where to listen; port 0 takes a free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** What a server works with. */
export interface HttpServerOptions {
  readonly logger: Logger;
  readonly ids: IdSource;
  /** Connections that one address may have at once; infinite unless given. */
  readonly connectionsPerAddress?: number | undefined;
}

/** Bytes of a request's body. */
const bodyLimit = 1024 * 1024;
const headersTimeout = 10_000;
/** How often connections are held against these time-outs. */
const connectionsCheckingInterval = 1000;
const requestTimeout = 15_000;
const maxHeaders = 100;
/** Characters of one part of a path: an id of 256, each of them encoded as six. */
const maxParamLength = 2048;
/** Bytes of an answer that wait for a reader before who writes it waits, too; twice as much may wait in the system. */
const highWaterMark = 16 * 1024;

/** A server that serves nothing yet. */
export function createHttpServer({ logger, ids, connectionsPerAddress }: HttpServerOptions): FastifyInstance {
  const app = fastify({
    genReqId: ({ headers }) => correlationIdOf(headers, ids),
    bodyLimit,
    requestTimeout,
    routerOptions: { maxParamLength },
    http: {
      headersTimeout,
      connectionsCheckingInterval,
      shouldUpgradeCallback: asksForWebSocket,
      highWaterMark,
    },
    forceCloseConnections: "idle",
    return503OnClosing: false,
    clientErrorHandler: ({ code }, socket) => refuseNoHttp(code, socket),
    // Fields that nobody knows are ignored, these like any other.
    onProtoPoisoning: "remove",
    onConstructorPoisoning: "remove",
    frameworkErrors: ({ code }, { url }, reply) => {
      if (!isUri(url)) return void refuseAddress(reply);
      const message =
        code === "FST_ERR_MAX_PARAM_LENGTH"
          ? `A part of the path is too long: it may have ${maxParamLength} characters.`
          : "The path cannot be decoded: its bytes are no UTF-8.";
      sendError(reply, 400, { errorCode: "INVALID_REQUEST", message });
    },
    rewriteUrl: ({ url = "" }) => withoutMatrix(url),
  });
  app.addHook("onRequest", async ({ url }, reply) => (isUri(url) ? undefined : refuseAddress(reply)));
  app.server.maxHeadersCount = maxHeaders;
  const cutSilent = trackSilentConnections(app.server);
  app.addHook("preClose", async () => cutSilent());
  if (connectionsPerAddress !== undefined) limitConnections(app.server, connectionsPerAddress);
  acceptJsonBodies(app);
  echoCorrelation(app);
  // Before any body is read: whatever it is, there is nothing to do with it. But after it was asked who enters.
  app.addHook("preParsing", async (request, reply) => {
    if (request.is404 || hasEmptyPart(request.params)) refuseUnknownPath(request, reply);
    else if (hasUnknownCharset(request.raw)) refuseCharset(request, reply);
  });
  app.setErrorHandler((error, request, reply) => answerError(error, { request, reply, logger }));
  app.setNotFoundHandler((request, reply) => refuseUnknownPath(request, reply));
  return app;
}

/** Opens the port; resolves to where the server really listens. */
export async function listen(app: FastifyInstance, address: ListenAddress): Promise<ListenAddress> {
  try {
    await app.listen({ host: address.host, port: address.port });
  } catch (error) {
    const where = `${address.host}:${address.port}`;
    throw new RuntimeError("ListenFailed", `cannot listen on ${where}: ${errorMessage(error)}`, {
      cause: error,
    });
  }
  const bound = app.server.address();
  return isAddressInfo(bound) ? { host: address.host, port: bound.port } : address;
}

/** Answers other methods of a path with 405, and OPTIONS with what there is. */
export function refuseOtherMethods(app: FastifyInstance, path: string, allowed: "GET" | "POST"): void {
  const all = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
  const accepted: readonly string[] = allowed === "GET" ? ["GET", "HEAD"] : [allowed];
  const methods = [...accepted, "OPTIONS"];
  const allow = methods.join(","); // as Spring writes it
  app.route({
    method: all.filter((method) => !accepted.includes(method)),
    url: path,
    onRequest: async (_request, reply) => {
      const message = `This path takes ${methods.join(", ")} only.`;
      sendError(reply.header("allow", allow), 405, { errorCode: "METHOD_NOT_ALLOWED", message });
      return reply;
    },
    handler: async () => undefined,
  });
  app.options(path, async ({ headers }, reply) => {
    // Who asks for CORS is told nothing: there is none.
    return asksForCors(headers) ? reply.send() : reply.header("allow", allow).send();
  });
}

/** Without a word, as the original: what is no address has no path that would say in which shape to tell. */
function refuseAddress(reply: FastifyReply): FastifyReply {
  return reply.code(400).send();
}

function asksForCors(headers: IncomingHttpHeaders): boolean {
  return headers["access-control-request-method"] !== undefined;
}

function refuseUnknownPath({ method, headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  // Spring answers these before it looks where they lead.
  if (method === "OPTIONS" && headers.origin !== undefined && asksForCors(headers)) return reply.send();
  return sendError(reply, 404, { errorCode: "NOT_FOUND", message: "There is nothing under this path." });
}

function refuseCharset(request: FastifyRequest, reply: FastifyReply): void {
  dropRestOfBody(request.raw, reply);
  sendRefusal(request, reply, unknownCharset);
}

const unknownCharset = {
  status: 415,
  errorCode: "UNSUPPORTED_MEDIA_TYPE",
  message: "The body is in a charset that nobody knows: send Content-Type: application/json.",
};

/** A path with nothing between two slashes is no path of ours. */
function hasEmptyPart(params: unknown): boolean {
  return isRecord(params) && Object.values(params).includes("");
}

/** What cannot be read as a request is answered all the same, if somebody still listens. */
function refuseNoHttp(code: string | undefined, socket: Duplex): void {
  if (!socket.writable) return;
  const { status, message } = code === "HPE_HEADER_OVERFLOW" ? headersTooLarge : noHttp;
  const body = JSON.stringify({ errorCode: "INVALID_REQUEST", message });
  const headers = ["Connection: close", "Content-Type: application/json", `Content-Length: ${body.length}`];
  socket.end(`HTTP/1.1 ${status}\r\n${headers.join("\r\n")}\r\n\r\n${body}`);
}

const noHttp = { status: "400 Bad Request", message: "This is no HTTP request." };
const headersTooLarge = {
  status: "431 Request Header Fields Too Large",
  message: "The headers and the path are larger than 16 KiB: send less.",
};

/** Java's HTTP client offers an upgrade to h2c with its requests: they are answered like any other. */
function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === "websocket";
}

interface FailedExchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly logger: Logger;
}

function answerError(error: unknown, { request, reply, logger }: FailedExchange): FastifyReply {
  dropRestOfBody(request.raw, reply);
  const known = isNoJson(error) && isEncoded(request) ? encoded : knownErrors[codeOf(error)];
  if (known !== undefined) return sendRefusal(request, reply, { status: known.status, ...known.body });
  logger.error("A request failed for an unexpected reason", faultFields(error));
  const message = "The request failed for an internal reason.";
  return sendRefusal(request, reply, { status: 500, errorCode: "INTERNAL_SERVER_ERROR", message });
}

/** Whether that is why a request was not read: its body is no JSON. */
export function isNoJson(error: unknown): boolean {
  return knownErrors[codeOf(error)] === notJson;
}

/** A body that says it is compressed; one that is not, all the same, is read. */
function isEncoded({ headers }: FastifyRequest): boolean {
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "";
  return encoding !== "" && encoding !== "identity";
}

const encoded = {
  status: 415,
  body: {
    errorCode: "UNSUPPORTED_MEDIA_TYPE",
    message: "The body is compressed, which is not read: send it as it is, without Content-Encoding.",
  },
};

const notJson = {
  status: 400,
  body: { errorCode: "INVALID_REQUEST", message: "The body is not JSON: send a JSON object." },
};

const knownErrors: Readonly<Record<string, { readonly status: number; readonly body: ErrorBody }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    body: { errorCode: "INVALID_REQUEST", message: `The body is larger than ${bodyLimit} bytes: send less.` },
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    body: {
      errorCode: "UNSUPPORTED_MEDIA_TYPE",
      message: "The body must be JSON: send Content-Type: application/json.",
    },
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: notJson,
  FST_ERR_CTP_INVALID_JSON_BODY: notJson,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    body: { errorCode: "INVALID_REQUEST", message: "The body's length is not the one in Content-Length." },
  },
};

function codeOf(error: unknown): string {
  if (error instanceof SyntaxError) return "FST_ERR_CTP_INVALID_JSON_BODY";
  return isRecord(error) && typeof error["code"] === "string" ? error["code"] : "";
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}

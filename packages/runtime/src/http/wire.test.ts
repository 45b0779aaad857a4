/**
 * Requests that no exchange was recorded of, answered as Spring answers them: odd media types, paths, methods and bodies.
 * What differs on purpose is in docs/compatibility.md.
 */
import { once } from "node:events";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OperatedRuntime, startOperatedRuntime } from "../testing/operated-runtime.ts";
import { messageBody, type RunningRuntime } from "../testing/running-runtime.ts";

let operated: OperatedRuntime;
let running: RunningRuntime;

beforeAll(async () => {
  operated = await startOperatedRuntime();
  ({ running } = operated);
});
afterAll(() => operated[Symbol.asyncDispose]());

const bases = ["/apis/v1", "/lmos/runtime/apis/v1"];
const chat = "/acme/chat/c1/message";
const hello = messageBody("hello");
const headers = { "content-type": "application/json", "x-turn-id": "t1" };

interface Seen {
  readonly status: number;
  readonly type: string | null;
  readonly allow: string | null;
  readonly body: string;
}

async function send(path: string, init: RequestInit): Promise<Seen> {
  const response = await fetch(`${running.url}${path}`, init);
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    allow: response.headers.get("allow"),
    body: await response.text(),
  };
}

const post = (path: string, more: Readonly<Record<string, string>>, body: string): Promise<Seen> =>
  send(path, { method: "POST", headers: { ...headers, ...more }, body });
const errorBody = (errorCode: string): unknown =>
  expect.stringMatching(new RegExp(`^\\{"errorCode":"${errorCode}","message":".+"\\}$`));
const isJson = "application/json";

describe.each(bases)("below %s", (base) => {
  const accepted: readonly {
    readonly name: string;
    readonly more?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly query?: string;
  }[] = [
    { name: "a charset", more: { "content-type": "application/json;charset=UTF-8" } },
    { name: "a media type in other case", more: { "content-type": "Application/JSON" } },
    { name: "a media type that is JSON of a kind", more: { "content-type": "application/vnd.acme.v1+json" } },
    {
      name: "such a one with a parameter",
      more: { "content-type": "application/merge-patch+json; charset=utf-8" },
    },
    {
      name: "fields with names of JavaScript",
      body: `{"__proto__":{"a":1},"constructor":{"prototype":2},${hello.slice(1)}`,
    },
    { name: "a byte order mark", body: `\ufeff${hello}` },
    { name: "a field twice: the last counts", body: `{"inputContext":7,${hello.slice(1)}` },
    { name: "parameters that nobody knows", query: "?a=b&watch=true&token" },
    { name: "a list of accepted types", more: { accept: "text/html, application/json;q=0.9" } },
    { name: "any type, if nothing better is there", more: { accept: "text/html, */*;q=0.1" } },
    { name: "a blank turn id", more: { "x-turn-id": "" } },
    { name: "a blank subset", more: { "x-subset": "" } },
    { name: "headers that nobody knows", more: { "x-lmos-unknown": "1", cookie: "a=b" } },
  ];
  test.each(accepted)("a message is answered with $name", async ({ more = {}, body = hello, query = "" }) => {
    expect(await post(`${base}${chat}${query}`, more, body)).toMatchObject({
      status: 200,
      type: isJson,
      body: '{"content":"agent-0: hello","anonymizationEntities":null}',
    });
  });

  const scalars: readonly { readonly content: unknown; readonly read: string }[] = [
    { content: 5, read: "5" },
    { content: 5.5, read: "5.5" },
    { content: true, read: "true" },
    { content: Number.MAX_SAFE_INTEGER, read: "9007199254740991" },
    { content: -7, read: "-7" },
    { content: "", read: "" },
  ];
  test.each(scalars)("the content $content is read as text", async ({ content, read }) => {
    const body = hello.replace('"content":"hello"', `"content":${JSON.stringify(content)}`);
    const answer = await post(`${base}${chat}`, {}, body);
    expect(JSON.parse(answer.body)).toEqual({ content: `agent-0: ${read}`, anonymizationEntities: null });
  });

  const badBodies: readonly (readonly [name: string, body: string])[] = [
    ["a list", "[]"],
    ["a text", '"hello"'],
    ["null", "null"],
    ["a number", "7"],
    ["half of it", hello.slice(0, -5)],
    ["something behind it", `${hello} x`],
    ["messages that are an object", hello.replace(/\[.*?\]/, "{}")],
    ["a message that is null", hello.replace(/\[.*?\]/, "[null]")],
    ["a message that is text", hello.replace(/\[.*?\]/, '["hello"]')],
    ["a content that is an object", hello.replace('"hello"', "{}")],
    ["a user id that is a number too large to be exact", hello.replace('"u1"', "12345678901234567890")],
    ["a content that is null", hello.replace('"hello"', "null")],
    ["a format that is null", hello.replace('"content"', '"format":null,"content"')],
    ["no user id", hello.replace('"userId":"u1"', "")],
    ["a user id that is null", hello.replace('"u1"', "null")],
    ["context parameters that are null", hello.replace('"channelId"', '"contextParams":null,"channelId"')],
    [
      "a context parameter without a value",
      hello.replace('"channelId"', '"contextParams":[{"key":"a"}],"channelId"'),
    ],
    [
      "an entity without a replacement",
      hello.replace('"messages"', '"anonymizationEntities":[{"type":"a","value":"b"}],"messages"'),
    ],
    ["binary data without a type", hello.replace('"content"', '"binaryData":[{}],"content"')],
    ["a role in other case", hello.replace('"user"', '"USER"')],
    ["a role that is none of a client's", hello.replace('"user"', '"system"')],
  ];
  test.each(badBodies)("%s is 400 INVALID_REQUEST", async (_name, body) => {
    const seen = await post(`${base}${chat}`, {}, body);
    expect(seen).toMatchObject({ status: 400, type: isJson, body: errorBody("INVALID_REQUEST") });
  });

  test.each(["text/*", "text/html", "application/xml", "garbage", "application/hal"])(
    "accepting only %s is 406",
    async (accept) => {
      const refused = { status: 406, type: isJson, body: errorBody("NOT_ACCEPTABLE") };
      expect(await post(`${base}${chat}`, { accept }, hello)).toMatchObject(refused);
      for (const path of [
        "/agents/acme/web",
        "/agents?tenantId=acme&channelId=web",
        "/tenants/acme/channels",
      ]) {
        expect(await send(`${base}${path}`, { headers: { accept } })).toMatchObject(refused);
      }
    },
  );

  test.each([
    `${chat}/`,
    `/${chat}`,
    "//chat/c1/message",
    "/acme/chat//message",
    "/acme/chat/c1",
    "/acme/chat/c1/messages",
    "/acme/CHAT/c1/message",
    "/acme/chat/c1/message/more",
  ])("POST %s is 404", async (path) => {
    expect(await post(`${base}${path}`, {}, hello)).toMatchObject({
      status: 404,
      type: isJson,
      body: errorBody("NOT_FOUND"),
    });
  });

  test.each([
    "/agents/",
    "/agents/acme",
    "/agents/acme/web/",
    "/agents//web",
    "/tenants",
    "/tenants/acme",
    "/tenants/acme/channels/",
    "/tenants/acme/channels/web/",
    "/tenants/acme/channels//routing",
    "/tenants//channels",
  ])("GET %s is 404", async (path) => {
    expect(await send(`${base}${path}`, {})).toMatchObject({ status: 404, type: isJson });
  });

  test.each([
    { query: "", missing: "tenantId" },
    { query: "?channelId=web", missing: "tenantId" },
    { query: "?tenantId=acme", missing: "channelId" },
    { query: "?TenantId=acme&channelId=web", missing: "tenantId" },
  ])("the agents of “$query” are 400 for want of $missing", async ({ query, missing }) => {
    const message = `400 BAD_REQUEST \\"Required query parameter '${missing}' is not present.\\"`;
    expect(await send(`${base}/agents${query}`, {})).toMatchObject({
      status: 400,
      body: `{"errorCode":"INVALID_REQUEST","message":"${message}"}`,
    });
  });

  test.each([
    { path: "/agents/acme/unknown", code: "AGENT_NOT_FOUND" },
    { path: "/agents/unknown/web", code: "AGENT_NOT_FOUND" },
    { path: "/agents?tenantId=&channelId=web", code: "AGENT_NOT_FOUND" },
  ])("GET $path is 404 $code", async ({ path, code }) => {
    expect(await send(`${base}${path}`, {})).toMatchObject({
      status: 404,
      type: isJson,
      body: errorBody(code),
    });
  });

  test.each([
    { path: "/agents?tenantId=acme&channelId=web&subset=", why: "a blank subset is the default" },
    { path: "/agents?tenantId=acme&channelId=web&more=1", why: "parameters that nobody knows are ignored" },
  ])("GET $path is 200: $why", async ({ path }) => {
    const seen = await send(`${base}${path}`, { headers: { "x-subset": "canary" } });
    expect(seen).toMatchObject({ status: 200, type: isJson });
    expect(seen.body).toMatch(/^\{"subset":"stable","agents":\[\{"id":/);
  });

  test("a parameter that is given twice is both", async () => {
    const seen = await send(`${base}/agents?tenantId=acme&tenantId=other&channelId=web`, {});
    expect(seen.status).toBe(404);
    expect(seen.body).toMatch(/"No routing info found operator for tenant: #[0-9a-f]{12}, channel: web"/);
  });

  test.each(["/agents/acme/web", "/tenants/acme/channels", "/tenants/acme/channels/web/routing"])(
    "HEAD %s has the headers and no body",
    async (path) => {
      const seen = await send(`${base}${path}`, { method: "HEAD" });
      expect(seen).toEqual({ status: 200, type: isJson, allow: null, body: "" });
    },
  );

  const methods: readonly {
    readonly path: string;
    readonly allow: string;
    readonly others: readonly string[];
  }[] = [
    { path: chat, allow: "POST,OPTIONS", others: ["GET", "PUT", "PATCH", "DELETE"] },
    { path: "/agents", allow: "GET,HEAD,OPTIONS", others: ["POST", "PUT", "PATCH", "DELETE"] },
    { path: "/agents/acme/web", allow: "GET,HEAD,OPTIONS", others: ["POST", "DELETE"] },
    { path: "/tenants/acme/channels/web", allow: "GET,HEAD,OPTIONS", others: ["POST", "DELETE"] },
  ];
  describe.each(methods)("$path", ({ path, allow, others }) => {
    test.each(others)("is 405 for %s, whatever its body is", async (method) => {
      const body = method === "GET" ? null : "<half of";
      const type = { "content-type": "text/xml" };
      expect(await send(`${base}${path}`, { method, body, headers: type })).toMatchObject({
        status: 405,
        type: isJson,
        allow,
        body: errorBody("METHOD_NOT_ALLOWED"),
      });
    });

    test("says to OPTIONS what there is", async () => {
      expect(await send(`${base}${path}`, { method: "OPTIONS" })).toEqual({
        status: 200,
        type: null,
        allow,
        body: "",
      });
    });
  });
});

/** The status line and what follows the headers of whatever comes. */
async function raw(text: string): Promise<string> {
  const socket = connect(running.runtime.address.port, "127.0.0.1");
  let answer = "";
  socket.on("data", (data) => {
    answer += data.toString();
  });
  socket.end(text);
  await once(socket, "close");
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  return `${head.split("\r\n")[0]} ${body}`;
}

describe("what is no HTTP", () => {
  test.each(["GET / HTTP/9.9\r\n\r\n", "hello\r\n\r\n", "GET /\u0000 HTTP/1.1\r\nHost: x\r\n\r\n"])(
    "is 400 in the shape of all errors",
    async (text) => {
      expect(await raw(text)).toBe(
        'HTTP/1.1 400 Bad Request {"errorCode":"INVALID_REQUEST","message":"This is no HTTP request."}',
      );
    },
  );
});

test("headers that are too large are told to be", async () => {
  const text = `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}\r\n\r\n`;
  expect(await raw(text)).toBe(
    'HTTP/1.1 431 Request Header Fields Too Large {"errorCode":"INVALID_REQUEST","message":"The headers and the path are larger than 16 KiB: send less."}',
  );
});

describe("a body with Content-Encoding", () => {
  const squeezed = gzipSync(hello).toString("latin1");
  test.each([
    { name: "gzip that is compressed", encoding: "gzip", body: squeezed, status: 415 },
    { name: "of several", encoding: "deflate, GZIP", body: squeezed, status: 415 },
    { name: "identity that is no JSON", encoding: "identity", body: "{", status: 400 },
    { name: "gzip that is none, all the same", encoding: "gzip", body: hello, status: 200 },
  ])("$name is answered with $status", async ({ encoding, body, status }) => {
    const seen = await post(`/apis/v1${chat}`, { "content-encoding": encoding }, body);
    expect(seen.status).toBe(status);
    if (status === 415)
      expect(JSON.parse(seen.body)).toEqual({
        errorCode: "UNSUPPORTED_MEDIA_TYPE",
        message: "The body is compressed, which is not read: send it as it is, without Content-Encoding.",
      });
  });
});

describe.each(["/graphql", "/a2a/acme/web", "/collaboration/asks/made-up"])(
  "below %s, which is ours",
  (path) => {
    test.each([
      {
        name: "is larger than 1 MiB",
        type: "application/json",
        body: " ".repeat(1024 * 1024 + 1),
        status: 413,
      },
      { name: "is a form", type: "multipart/form-data; boundary=x", body: "--x--", status: 415 },
    ])("a body that $name is answered with a problem", async ({ type, body, status }) => {
      const seen = await post(path, { "content-type": type }, body);
      if (path === "/graphql" && status === 415) return expect(seen.status).toBe(400); // read, and no request
      expect([seen.status, seen.type]).toEqual([status, "application/problem+json"]);
      expect(JSON.parse(seen.body)).toMatchObject({ status, code: expect.stringMatching(/^[a-z_]+$/) });
    });
  },
);

describe("a body in a charset", () => {
  const charsets = [
    { charset: "utf-8", status: 200 },
    { charset: "UTF-8", status: 200 },
    { charset: '"utf-8"', status: 200 },
    { charset: "us-ascii", status: 200 },
    { charset: "iso-8859-1", status: 200 },
    { charset: "ISO-8859-15", status: 200 },
    { charset: "windows-1252", status: 200 },
    { charset: "utf-16", status: 200 },
    { charset: "utf-32", status: 200 },
    { charset: "koi8-r", status: 200 },
    { charset: "nonsense", status: 415 },
  ];
  test.each(charsets)("$charset is answered with $status", async ({ charset, status }) => {
    const type = `application/json; charset=${charset}`;
    for (const base of bases) {
      const seen = await post(`${base}${chat}`, { "content-type": type }, hello);
      expect(seen.status).toBe(status);
      if (status === 415)
        expect([seen.type, JSON.parse(seen.body)]).toEqual([
          isJson,
          {
            errorCode: "UNSUPPORTED_MEDIA_TYPE",
            message: "The body is in a charset that nobody knows: send Content-Type: application/json.",
          },
        ]);
    }
  });

  test("that says latin1 is read as the Unicode that it is, as the original does", async () => {
    const type = "application/json; charset=latin1";
    const seen = await post(`/apis/v1${chat}`, { "content-type": type }, messageBody("für"));
    expect(seen).toMatchObject({ status: 200, type: isJson });
  });

  const brokenTexts = [
    { name: "Latin-1", bytes: [0xfc] },
    { name: "half a surrogate pair", bytes: [0xed, 0xa0, 0x80] },
    { name: "a character written longer than it is", bytes: [0xc0, 0xaf] },
    { name: "a character that breaks off", bytes: [0xf0, 0x9f] },
  ];
  test.each(brokenTexts)("of UTF-8 with $name in it is no JSON", async ({ bytes }) => {
    const [before = "", after = ""] = messageBody("|").split("|");
    const body = Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
    const seen = await send(`/apis/v1${chat}`, { method: "POST", headers, body });
    expect([seen.status, JSON.parse(seen.body)]).toEqual([
      400,
      { errorCode: "INVALID_REQUEST", message: "The body is not JSON: send a JSON object." },
    ]);
  });

  test.each(["/graphql", "/a2a/acme/web", "/collaboration/asks/made-up"])(
    "that nobody knows is a problem of %s",
    async (path) => {
      const seen = await post(path, { "content-type": "application/json; charset=nonsense" }, hello);
      expect([seen.status, seen.type]).toEqual([415, "application/problem+json"]);
      expect(JSON.parse(seen.body)).toMatchObject({ status: 415, code: "unsupported_media_type" });
    },
  );

  test("other than UTF-8 means nothing where there is none", async () => {
    const seen = await send("/openapi.json", {
      headers: { "content-type": "application/json; charset=latin1" },
    });
    expect(seen.status).toBe(200);
  });

  test("that nobody knows is heard out, and the connection goes on", async () => {
    const large = `${hello}${" ".repeat(900_000)}`;
    const type = "application/json; charset=nonsense";
    for (let time = 0; time < 3; time++) {
      expect((await post(`/apis/v1${chat}`, { "content-type": type }, large)).status).toBe(415);
    }
    expect((await post(`/apis/v1${chat}`, {}, hello)).status).toBe(200);
  });

  test("below a path that is none, it is the path that is refused", async () => {
    const seen = await post("/nothing", { "content-type": "application/json; charset=latin1" }, hello);
    expect(seen.status).toBe(404);
  });
});

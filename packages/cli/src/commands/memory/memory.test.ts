/** The commands against a management address that answers from a script. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runWith } from "../../testing/run-with.ts";

interface Scripted {
  readonly status: number;
  readonly body: unknown;
}

const memory = {
  term: "long",
  visibility: "tenant",
  key: "city",
  value: "Bonn",
  writtenBy: { agent: "moving", capability: "moving", turnId: "t1", at: "2026-11-30T10:00:00.000Z" },
  expiresAt: "2027-05-29T10:00:00.000Z",
};
const secret = {
  ...memory,
  term: "short",
  visibility: "agent/billing",
  key: "note",
  value: { long: "x".repeat(60) },
};
const audit = [
  {
    action: "write",
    by: "agent moving",
    turnId: "t1",
    visibility: "tenant",
    name: "city",
    at: "2026-11-30T10:00:00.000Z",
  },
  { action: "erase", by: "operator", at: "2026-11-30T11:00:00.000Z" },
];

let server: Server;
let url: string;
let asked: string[];
let answer: (request: IncomingMessage) => Scripted;

beforeAll(async () => {
  server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(`${request.method} ${request.url}`);
    const { status, body } = answer(request);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  answer = ({ url: path = "" }) => ({
    status: 200,
    body: path.includes("/audit") ? { entries: audit } : { entries: [memory, secret] },
  });
});

const run = (...parameters: readonly string[]) => runWith({}, "memory", ...parameters, "--management", url);

describe("memory list", () => {
  it("prints a table with values cut", async () => {
    const { code, out } = await run("list", "acme/ada");
    expect(code).toBe(0);
    expect(out.split("\n").map((line) => line.split(/ {3,}/))).toEqual([
      ["TERM", "VISIBLE TO", "KEY", "VALUE", "WRITTEN BY", "EXPIRES AT"],
      ["long", "tenant", "city", '"Bonn"', "moving", memory.expiresAt],
      ["short", "agent/billing", "note", expect.stringMatching(/^.{39}…$/), "moving", memory.expiresAt],
    ]);
    expect(asked).toEqual(["GET /users/acme/ada/memory"]);
  });

  it.each(["json", "yaml", "ndjson"])("prints %s whole", async (format) => {
    const { out } = await run("list", "acme/ada", "-o", format);
    expect(out).toContain("x".repeat(60));
  });

  it("says when the turn was with -o wide", async () => {
    expect((await run("list", "acme/ada", "-o", "wide")).out).toContain(memory.writtenBy.at);
  });

  it("says so where there is nothing", async () => {
    answer = () => ({ status: 200, body: { entries: [] } });
    expect(await run("list", "acme/ada")).toEqual({ code: 0, out: "", hints: "nothing is remembered" });
  });

  it.each([
    { name: "acme/a b", path: "/users/acme/a%20b/memory" },
    { name: "acme/a/b", path: "/users/acme/a%2Fb/memory" },
    { name: "acme/ü", path: "/users/acme/%C3%BC/memory" },
  ])("asks for $name", async ({ name, path }) => {
    await run("list", name);
    expect(asked).toEqual([`GET ${path}`]);
  });

  it("names the subject of a token with --issuer", async () => {
    await run("list", "acme/ada", "--issuer", "https://id.example/x");
    expect(asked).toEqual(["GET /users/acme/ada/memory?issuer=https%3A%2F%2Fid.example%2Fx"]);
  });
});

describe("memory get", () => {
  it("prints the values under a key, with who wrote them", async () => {
    const { code, out } = await run("get", "acme/ada", "city");
    expect([code, JSON.parse(out)]).toEqual([0, [memory]]);
  });

  it("fails where there is none", async () => {
    const { code, hints } = await run("get", "acme/ada", "street");
    expect(code).toBe(1);
    expect(hints).toContain("lmos memory list acme/ada");
  });
});

describe("memory audit", () => {
  it("prints who did what, without values", async () => {
    const { out } = await run("audit", "acme/ada");
    expect(out.split("\n").map((line) => line.split(/ {3,}/))).toEqual([
      ["AT", "ACTION", "BY", "VISIBLE TO", "KEY"],
      [audit[0]?.at, "write", "agent moving", "tenant", "city"],
      [audit[1]?.at, "erase", "operator", "-", "-"],
    ]);
  });

  it("prints JSON", async () => {
    expect(JSON.parse((await run("audit", "acme/ada", "-o", "json")).out)).toEqual(audit);
  });
});

describe("memory erase", () => {
  it("does nothing without --yes, and says what it would do", async () => {
    const { code, hints } = await run("erase", "acme/ada");
    expect(code).toBe(2);
    expect(hints).toContain("2 memories of acme/ada and all its conversations");
    expect(asked).toEqual(["GET /users/acme/ada/memory"]);
  });

  it("erases, and says how much", async () => {
    answer = () => ({ status: 200, body: { erased: { conversations: 3, memories: 7 } } });
    const { code, out } = await run("erase", "acme/ada", "--yes");
    expect([code, out]).toEqual([0, "erased 3 conversations and 7 memories of acme/ada"]);
    expect(asked).toEqual(["DELETE /users/acme/ada"]);
  });
});

describe("a runtime that does not answer", () => {
  it.each([
    { name: "no management address", status: 404, body: {}, code: 1, says: "--management" },
    { name: "a store that is away", status: 503, body: {}, code: 3, says: "try again" },
    { name: "a fault", status: 500, body: {}, code: 1, says: "answered 500" },
    { name: "something else", status: 200, body: { hello: 1 }, code: 1, says: "no management address" },
    { name: "no JSON", status: 200, body: "<html>", code: 1, says: "no management address" },
  ])("as it should: $name", async ({ status, body, code, says }) => {
    answer = () => ({ status, body });
    const result = await run("list", "acme/ada");
    expect(result.code).toBe(code);
    expect(result.hints).toContain(says);
  });

  it("at all", async () => {
    const result = await runWith({}, "memory", "list", "acme/ada", "--management", "http://127.0.0.1:1");
    expect(result.code).toBe(3);
    expect(result.hints).toContain("cannot be reached");
  });
});

describe("usage", () => {
  it.each([
    { parameters: ["list", "acme"], says: "TENANT/USER" },
    { parameters: ["list", "/ada"], says: "TENANT/USER" },
    { parameters: ["list"], says: "missing required argument" },
    { parameters: ["list", "acme/ada", "-o", "xml"], says: "'xml' is invalid" },
    { parameters: ["get", "acme/ada"], says: "missing required argument" },
    { parameters: ["forget"], says: "unknown command" },
    { parameters: ["list", "acme/ada", "--management", "nowhere"], says: "http://HOST:PORT" },
  ])("of $parameters is told", async ({ parameters, says }) => {
    const result = await runWith({}, "memory", ...parameters);
    expect(result.code).toBe(2);
    expect(result.hints).toContain(says);
  });

  it("without an address needs a cluster", async () => {
    const result = await runWith({}, "memory", "list", "acme/ada");
    expect(result.code).toBe(3);
    expect(result.hints).toContain("no cluster found");
  });
});

/** A server that answers like Qdrant, as far as the store asks; its collections are Maps. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

interface Point {
  readonly id: string;
  readonly vector: readonly number[];
  readonly payload: Readonly<Record<string, string>>;
}

interface Collection {
  readonly size: number;
  readonly points: Map<string, Point>;
}

const pointsBody = z.object({
  points: z.array(
    z.object({ id: z.string(), vector: z.array(z.number()), payload: z.record(z.string(), z.string()) }),
  ),
});
const createBody = z.object({ vectors: z.object({ size: z.number(), distance: z.literal("Cosine") }) });
const deleteBody = z.object({ points: z.array(z.string()) });
const fieldSchema = z.union([
  z.object({ key: z.string(), match: z.object({ value: z.string() }) }),
  z.object({ is_empty: z.object({ key: z.string() }) }),
]);
const conditionSchema = z.union([fieldSchema, z.strictObject({ should: z.array(fieldSchema) })]);
const conditions = z.array(conditionSchema).default([]);
const filterSchema = z.strictObject({ must: conditions, must_not: conditions, should: conditions });
const scrollBody = z.object({ filter: filterSchema, limit: z.number(), offset: z.string().nullable() });
const searchBody = z.object({
  vector: z.array(z.number()),
  filter: filterSchema.optional(),
  limit: z.number(),
});

/** A running one; dispose it. */
export interface FakeQdrant extends AsyncDisposable {
  readonly url: string;
  readonly collections: Map<string, Collection>;
  /** The requests, as `METHOD path`. */
  readonly seen: string[];
  /** While set, everything is answered with this status. */
  status: number | undefined;
}

/** Starts one on a free port; with a key, only requests that bring it are answered. */
export async function startFakeQdrant(apiKey?: string): Promise<FakeQdrant> {
  const collections = new Map<string, Collection>();
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    fake.seen.push(`${request.method} ${decodeURIComponent(pathname)}`);
    const text = Buffer.concat(chunks).toString("utf8");
    const answer =
      apiKey !== undefined && request.headers["api-key"] !== apiKey
        ? { status: 401, body: {} }
        : (statusOf(fake) ?? answerTo(collections, `${request.method} ${pathname}`, text));
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer.body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const fake: FakeQdrant = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    collections,
    seen: [],
    status: undefined,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return fake;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function statusOf({ status }: FakeQdrant): Answer | undefined {
  return status === undefined ? undefined : { status, body: {} };
}

const notFound: Answer = { status: 404, body: { status: { error: "Not found" } } };
const done: Answer = { status: 200, body: { result: true } };

function answerTo(collections: Map<string, Collection>, request: string, text: string): Answer {
  const [, method, name = "", action = ""] = /^(\w+) \/collections\/([^/]+)(.*)$/.exec(request) ?? [];
  const collection = collections.get(name);
  if (method === "PUT" && action === "") {
    collections.set(name, { size: createBody.parse(JSON.parse(text)).vectors.size, points: new Map() });
    return done;
  }
  if (collection === undefined) return notFound;
  switch (`${method} ${action}`) {
    case "GET ":
      return {
        status: 200,
        body: { result: { config: { params: { vectors: { size: collection.size, distance: "Cosine" } } } } },
      };
    case "DELETE ":
      collections.delete(name);
      return done;
    case "PUT /points":
      for (const point of pointsBody.parse(JSON.parse(text)).points) collection.points.set(point.id, point);
      return done;
    case "POST /points/delete":
      for (const id of deleteBody.parse(JSON.parse(text)).points) collection.points.delete(id);
      return done;
    case "POST /points/scroll":
      return scroll(collection, scrollBody.parse(JSON.parse(text)));
    case "POST /points/search":
      return search(collection, searchBody.parse(JSON.parse(text)));
    default:
      return notFound;
  }
}

/** Two points a page, whatever is asked: so that reading on is tried. */
function scroll({ points }: Collection, { filter, offset }: z.infer<typeof scrollBody>): Answer {
  const own = [...points.values()]
    .filter((point) => passes(point, filter))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const rest = own.filter(({ id }) => offset === null || id >= offset);
  const page = rest.slice(0, 2).map(({ id, payload }) => ({ id, payload }));
  return { status: 200, body: { result: { points: page, next_page_offset: rest[2]?.id ?? null } } };
}

function search({ points }: Collection, { vector, filter, limit }: z.infer<typeof searchBody>): Answer {
  const result = [...points.values()]
    .filter((point) => filter === undefined || passes(point, filter))
    .map(({ id, payload, vector: own }) => ({
      id,
      payload,
      score: own.reduce((sum, value, i) => sum + value * (vector[i] ?? 0), 0),
    }))
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit);
  return { status: 200, body: { result } };
}

function passes(point: Point, { must, must_not: mustNot, should }: z.infer<typeof filterSchema>): boolean {
  return (
    must.every((condition) => holds(point, condition)) &&
    !mustNot.some((condition) => holds(point, condition)) &&
    (should.length === 0 || should.some((condition) => holds(point, condition)))
  );
}

function holds(point: Point, condition: z.infer<typeof conditionSchema>): boolean {
  const { payload } = point;
  if ("should" in condition) return condition.should.some((each) => holds(point, each));
  if ("is_empty" in condition) return payload[condition.is_empty.key] === undefined;
  return payload[condition.key] === condition.match.value;
}

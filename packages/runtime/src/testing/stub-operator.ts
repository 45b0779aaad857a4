/** The operator of the recorded exchanges: two subsets of acme's web channel, and tenants for which it fails. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A question that it was asked. */
export interface OperatorQuestion {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A running operator. */
export interface StubOperator extends AsyncDisposable {
  readonly url: string;
  readonly asked: readonly OperatorQuestion[];
  /**
   * Answers everything, or what is asked for that subset, like this from now on; undefined answers as recorded again,
   * `nothing` leaves who asks waiting.
   */
  answerWith(answer: ForcedAnswer, subset?: string): void;
}

type ForcedAnswer = { readonly status: number; readonly body: unknown } | "nothing" | undefined;

/** Starts one whose agent is at `host`; `routing` is what its channel says of itself. */
export async function startStubOperator(host: string, routing?: object): Promise<StubOperator> {
  const asked: OperatorQuestion[] = [];
  let forced: ForcedAnswer;
  let forcedFor: string | undefined;
  const server = createServer((request, response) => {
    asked.push({ method: request.method ?? "", path: request.url ?? "", headers: namedHeaders(request) });
    const isForced = forcedFor === undefined || subsetOf(request) === forcedFor;
    const answer = (isForced ? forced : undefined) ?? answerTo(request, host, routing);
    if (answer !== "nothing") send(response, answer.status, answer.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answerWith: (answer, subset) => {
      forced = answer;
      forcedFor = subset;
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function namedHeaders({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const named = Object.entries(headers).filter(([name]) => name === "accept" || name.startsWith("x-"));
  return Object.fromEntries(named.map(([name, value]) => [name, String(value)]));
}

function subsetOf({ headers }: IncomingMessage): string {
  return String(headers["x-subset"] ?? "stable");
}

/** Parameters that it doesn't know mean nothing to it. */
function answerTo(request: IncomingMessage, host: string, settings?: object) {
  const url = request.url?.split("?", 1)[0] ?? "";
  const subset = subsetOf(request);
  const [, tenant, channel, routing] =
    /^\/apis\/v1\/tenants\/([^/]+)\/channels(?:\/([^/]+)(\/routing)?)?$/.exec(url) ?? [];
  if (tenant === "broken") return { status: 500, body: { error: "broken" } };
  if (tenant === "garbage") return { status: 200, body: {} };
  if (tenant !== "acme") return { status: 404, body: "" };
  if (channel === undefined) return { status: 200, body: [channelDocument(subset)] };
  if (channel !== "web") return { status: 404, body: "" };
  const body = routing === undefined ? channelDocument(subset) : routingDocument(subset, host, settings);
  return { status: 200, body };
}

function metadata(subset: string) {
  return {
    name: `acme-web-${subset}`,
    namespace: "default",
    labels: { channel: "web", subset, tenant: "acme", version: "1.0.0" },
    creationTimestamp: "2026-01-01T00:00:00Z",
    generation: 1,
    resourceVersion: "1",
    uid: "00000000-0000-0000-0000-000000000001",
  };
}

function channelDocument(subset: string) {
  return {
    apiVersion: "lmos.eclipse/v1",
    kind: "Channel",
    metadata: metadata(subset),
    spec: {
      requiredCapabilities: [{ id: "", name: "capability-0", version: ">=1.0.0", strategy: "HIGHEST" }],
    },
    status: { resolveStatus: "RESOLVED", unresolvedRequiredCapabilities: [] },
  };
}

function routingDocument(subset: string, host: string, routing?: object) {
  const capability = {
    ...{ id: "cap-0", name: "capability-0", description: "Handles topic number 0", host },
    ...{ providedVersion: "1.1.0", requiredVersion: ">=1.0.0" },
  };
  const agent = { id: "agent-0", name: "agent-0", description: "Agent number 0" };
  return {
    ...{ apiVersion: "lmos.eclipse/v1", kind: "ChannelRouting", metadata: metadata(subset) },
    spec: { capabilityGroups: [{ ...agent, capabilities: [capability] }], routing },
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === "" ? undefined : JSON.stringify(body));
}

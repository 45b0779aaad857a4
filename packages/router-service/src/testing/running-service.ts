/** The service on a free port, with the built-in model and two agents on acme/web, for tests over real HTTP. */
import { loadStaticModel } from "@lmos/embeddings";
import { silentLogger, systemClock } from "@lmos/primitives";
import {
  type AddressedAgent,
  buildRouterIndex,
  createMemoryExampleStore,
  createVectorClassifier,
} from "@lmos/router";
import { SequentialIds } from "@lmos/testing";
import { createGivenAgents } from "../agents/agent-directory.ts";
import { type RouterServiceOptions, startRouterService } from "../service.ts";
import type { Vectors } from "../vectors.ts";

const scope = { tenant: "acme", channel: "web", subset: "stable" };

function agentOf(id: string, description: string, examples: readonly string[]): AddressedAgent {
  const capabilities = [{ id: `${id}-id`, name: id, description, examples }];
  return { id, name: `${id}-agent`, address: `http://${id}:8080`, description: "", capabilities };
}

/** The agents of acme/web. */
export const agents: readonly AddressedAgent[] = [
  agentOf("billing", "Shows and explains bills.", [
    "show me my bill",
    "why is my bill so high",
    "explain the last invoice",
    "I do not understand my invoice",
    "what did I pay last month",
  ]),
  agentOf("parcels", "Finds parcels.", [
    "where is my parcel",
    "track my package",
    "my delivery has not arrived",
    "when does my order come",
    "the parcel is late",
  ]),
];

/** A running service and calls to it. */
export interface RunningService extends AsyncDisposable {
  readonly url: string;
  get(path: string): Promise<{ readonly status: number; readonly text: string }>;
  send(
    method: "POST" | "DELETE",
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
}

/** Starts one. */
export async function startService({
  createClassifier,
  ...more
}: Partial<RouterServiceOptions> & Partial<Pick<Vectors, "createClassifier">> = {}): Promise<RunningService> {
  const { signal } = new AbortController();
  const embedding = await loadStaticModel({ signal });
  const store = createMemoryExampleStore({ embedding });
  const given = createGivenAgents();
  for (const agent of agents) await store.put(scope, agent, { signal });
  given.put(scope, agents);
  const byVectors: Vectors["createClassifier"] = async (mode, request, options) =>
    mode === "vector"
      ? createVectorClassifier({
          index: await buildRouterIndex(request.agents, { embedding, ...options }),
          embedding,
        })
      : undefined;
  const service = await startRouterService({
    vectors: { current: { embedding, store, createClassifier: createClassifier ?? byVectors } },
    given,
    mode: "vector",
    isReady: () => true,
    listen: { host: "127.0.0.1", port: 0 },
    clock: systemClock,
    ids: new SequentialIds(),
    logger: silentLogger,
    signal,
    ...more,
  });
  const url = `http://127.0.0.1:${service.port}`;
  return {
    url,
    get: async (path) => {
      const response = await fetch(url + path);
      return { status: response.status, text: await response.text() };
    },
    send: async (method, path, body) => {
      const response = await fetch(url + path, {
        method,
        ...(body === undefined
          ? {}
          : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

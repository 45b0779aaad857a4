/** A whole runtime on loopback, fed by a fake API server. */
import { loadStaticModel } from "@lmos/embeddings";
import type { KubeObject } from "@lmos/kube";
import {
  type Clock,
  type Logger,
  silentLogger,
  systemClock,
  systemIds,
  systemRandom,
} from "@lmos/primitives";
import type { GrantsMode } from "@lmos/resources";
import type { ChatModel } from "@lmos/router";
import type { Tracer } from "@opentelemetry/api";
import type { AgentTokenSettings } from "../agent-tokens/agent-tokens.ts";
import type { Authenticator } from "../auth/identity.ts";
import type { RuntimeLimits } from "../limits.ts";
import type { RoutingOrigin } from "../routing/feed.ts";
import { type Runtime, startRuntime } from "../runtime.ts";
import type { RuntimeState } from "../state/open-state.ts";
import { FakeKubeClient } from "./fake-kube-client.ts";

/** What a test can do with it. */
export interface RunningRuntime extends AsyncDisposable {
  readonly client: FakeKubeClient;
  readonly runtime: Runtime;
  readonly url: string;
  readonly managementUrl: string;
}

/** What differs from test to test. */
export interface RunningRuntimeOptions {
  readonly objects?: readonly KubeObject[];
  /** Where routings come from; the fake API server unless given. */
  readonly routings?: RoutingOrigin;
  readonly limits?: Partial<RuntimeLimits>;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly tracer?: Tracer;
  /** A port for health of its own unless this is given as undefined. */
  readonly management?: undefined;
  /** A free one unless given. */
  readonly port?: number;
  readonly state?: RuntimeState;
  readonly authenticator?: Authenticator;
  readonly chatModel?: ChatModel;
  readonly grants?: GrantsMode;
  /** One with the objects, and whatever else it has; a new one unless given. */
  readonly client?: FakeKubeClient;
  readonly waitsUntilReady?: boolean;
  readonly agentTokens?: AgentTokenSettings;
  readonly publicUrl?: string;
}

/** Of a process that is never in trouble: how busy the machine is decides no test. */
const calm = {
  lagMs: () => 0,
  heapShare: () => 0,
  openFilesShare: () => 0,
  [Symbol.dispose]: () => undefined,
};

/** Starts a runtime and waits until it is ready, unless told otherwise. */
export async function startTestRuntime(options: RunningRuntimeOptions): Promise<RunningRuntime> {
  const { signal } = new AbortController();
  const client = options.client ?? new FakeKubeClient();
  for (const object of options.objects ?? []) client.put(object);
  const runtime = await startRuntime({
    client,
    routings: options.routings,
    embedding: await loadStaticModel({ signal }),
    clock: options.clock ?? systemClock,
    random: systemRandom,
    ids: systemIds,
    logger: options.logger ?? silentLogger,
    local: true,
    listen: { host: "127.0.0.1", port: options.port ?? 0 },
    management: "management" in options ? undefined : { host: "127.0.0.1", port: 0 },
    gauges: calm,
    limits: options.limits,
    tracer: options.tracer,
    state: options.state,
    authenticator: options.authenticator,
    chatModel: options.chatModel,
    grants: options.grants,
    agentTokens: options.agentTokens,
    publicUrl: options.publicUrl,
    signal,
  });
  if (options.waitsUntilReady !== false) await runtime.whenReady({ signal });
  return {
    client,
    runtime,
    url: `http://127.0.0.1:${runtime.address.port}`,
    managementUrl: `http://127.0.0.1:${runtime.managementAddress?.port}`,
    [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose](),
  };
}

/** A message of a user to acme's web channel. */
export function messageBody(content: string, explicitAgent: string | undefined = "agent-0"): string {
  return JSON.stringify({
    inputContext: { messages: [{ role: "user", content }], explicitAgent },
    systemContext: { channelId: "web" },
    userContext: { userId: "u1" },
  });
}

/** Sends it. */
export function postMessage(
  { url }: Pick<RunningRuntime, "url">,
  body: string,
  options: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
    readonly tenant?: string;
    readonly conversation?: string;
  } = {},
): Promise<Response> {
  const { tenant = "acme", conversation = "c1" } = options;
  return fetch(`${url}/apis/v1/${tenant}/chat/${conversation}/message`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-turn-id": "t1", ...options.headers },
    body,
    signal: options.signal ?? null,
  });
}

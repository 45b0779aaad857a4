import type { EmbeddingModel } from "@lmos/embeddings";
import type { KubeClient } from "@lmos/kube";
import type { Clock, IdSource, Logger, Random } from "@lmos/primitives";
import type { GrantsMode } from "@lmos/resources";
import type { ChatModel } from "@lmos/router";
import type { Tracer } from "@opentelemetry/api";
import type { ProcessGauges } from "./admission/pressure.ts";
import type { AgentTokenSettings } from "./agent-tokens/agent-tokens.ts";
import type { EndpointOrigin } from "./agents/endpoint-source.ts";
import type { Authenticator } from "./auth/identity.ts";
import type { ListenAddress } from "./http/server.ts";
import type { RuntimeLimits } from "./limits.ts";
import type { RoutingOrigin } from "./routing/feed.ts";
import type { RuntimeState } from "./state/open-state.ts";

/** What a runtime is made of. */
export interface RuntimeOptions {
  /** Needed for routings from the API server, for agents found by their pods, and for `local`. */
  readonly client?: Pick<KubeClient, "list" | "watch" | "discover"> | undefined;
  /** Where routings come from; the API server unless given. */
  readonly routings?: RoutingOrigin | undefined;
  /**
   * How much Tenants and CapabilityGrants count, for routings of the API server: with `enforce` what is not granted gets no
   * turns, whatever a routing says; with `audit` it is told. `off` unless given.
   */
  readonly grants?: GrantsMode | undefined;
  readonly embedding: EmbeddingModel;
  /** Asked about messages where channels want it; without one vectors decide alone. */
  readonly chatModel?: ChatModel | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** On a laptop: agents are found through the annotation of their Service, not through its name. */
  readonly local: boolean;
  /** Where agents are found when it is not `local`; by the name of their Service unless given. */
  readonly endpoints?: EndpointOrigin | undefined;
  /**
   * File of the certificates (PEM) that sign those of agents behind `wss://` addresses, read again when it changes; those
   * that Node trusts unless given.
   */
  readonly agentsCa?: string | undefined;
  /** Watch this namespace only; all of them unless given. */
  readonly namespace?: string | undefined;
  /** Address for messages. */
  readonly listen: ListenAddress;
  /**
   * Where agents reach this runtime, without a path; lets them ask other capabilities. On loopback it is known, elsewhere
   * agents cannot ask unless it is given.
   */
  readonly agentsUrl?: string | undefined;
  /**
   * Where users reach this runtime, up to and without the paths of its doors: a gateway's address. Cards of A2A name it;
   * unless given they name the host that they were asked of. `x-forwarded-*` headers count for nothing.
   */
  readonly publicUrl?: string | undefined;
  /** Address for health and metrics; that for messages unless given. */
  readonly management?: ListenAddress | undefined;
  /** What keeps conversations and memories, see `openState`; its owner closes it. In memory alone unless given. */
  readonly state?: RuntimeState | undefined;
  /** Where spans of turns go; there are none unless it is given. */
  readonly tracer?: Tracer | undefined;
  /** Finds out who is asking, see `createOidcAuthenticator`. Users are who they say they are unless it is given. */
  readonly authenticator?: Authenticator | undefined;
  /** Gives each operation of an agent a token of its own; agents get none unless it is given. */
  readonly agentTokens?: AgentTokenSettings | undefined;
  /** Tell whether this process is in trouble, disposed with the runtime; it is measured unless they are given. */
  readonly gauges?: (ProcessGauges & Disposable) | undefined;
  /** Bounds that differ from {@link defaultLimits}, and from {@link provenUserQuotas} with an authenticator. */
  readonly limits?: Partial<RuntimeLimits> | undefined;
  /** Aborting stops the runtime as disposing it does. */
  readonly signal: AbortSignal;
}

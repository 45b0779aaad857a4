/** All doors for messages, below one server. Every turn that comes in by any of them goes through the same pipeline. */
import type { IdSource } from "@lmos/primitives";
import type { FastifyInstance } from "fastify";
import { openA2aDoor } from "../a2a/a2a-door.ts";
import type { AgentTokens } from "../agent-tokens/agent-tokens.ts";
import { openKeysDoor } from "../agent-tokens/keys-door.ts";
import { type AccessServices, guardAccess } from "../auth/access.ts";
import { openAsksDoor } from "../collaboration/asks-door.ts";
import { openGraphqlDoor } from "../graphql/graphql-door.ts";
import { createGraphqlOperations } from "../graphql/operations.ts";
import { openSubscriptionsDoor } from "../graphql/subscriptions-door.ts";
import type { RuntimeLimits } from "../limits.ts";
import type { Memories } from "../memory/memories.ts";
import { openMemoryDoor } from "../memory/memory-door.ts";
import { openOwnStateDoor } from "../memory/user-doors.ts";
import type { UserState } from "../memory/user-state.ts";
import type { ChannelCatalogue } from "../routing/channel-catalogue.ts";
import { openAgentsDoor } from "./agents-door.ts";
import { openChannelsDoor } from "./channels-door.ts";
import { sendJson } from "./error-body.ts";
import { openApiDocument } from "./openapi.ts";
import { ResumableTurns } from "./resumable-turns.ts";
import { openTurnDoor, type TurnDoorServices } from "./turn-door.ts";

const basePaths = ["/apis/v1", "/lmos/runtime/apis/v1"] as const;

/** What the doors lead to. */
export interface DoorServices extends Omit<TurnDoorServices, "resumable" | "patience"> {
  readonly limits: RuntimeLimits;
  readonly catalogue: ChannelCatalogue;
  readonly ids: IdSource;
  readonly access: AccessServices;
  readonly publicUrl: string | undefined;
  readonly memories: Memories;
  readonly users: UserState;
  /** Undefined where agents get no tokens. */
  readonly agentTokens: AgentTokens | undefined;
}

/** The doors, once they are open. */
export interface Doors {
  /** Lets nothing new begin over WebSockets, and ends each after what runs on it. */
  drainSockets(): void;
  /** Ends the WebSockets that are still open, whatever runs on them: a server knows nothing of them when it closes. */
  cutSockets(): void;
}

/** Opens the doors. */
export function openDoors(app: FastifyInstance, services: DoorServices): Doors {
  guardAccess(app, services.access); // before any route: what is opened later is guarded too
  const { clock, logger } = services.turns;
  const resumable = new ResumableTurns(clock, services.limits);
  app.addHook("onClose", async () => resumable[Symbol.dispose]());
  const patience = { clock, limits: services.limits };
  for (const basePath of basePaths) {
    openTurnDoor(app, basePath, { ...services, resumable, patience });
    openAgentsDoor(app, basePath, services.turns);
    openChannelsDoor(app, basePath, services.catalogue);
    openOwnStateDoor(app, basePath, services.users);
  }
  openOpenApiDoor(app);
  if (services.agentTokens !== undefined) openKeysDoor(app, services.agentTokens);
  openA2aDoor(app, services);
  openAgentDoors(app, services);
  const operations = createGraphqlOperations(services);
  openGraphqlDoor(app, operations);
  const { authenticator } = services.access;
  const sockets = openSubscriptionsDoor(app, { operations, clock, ids: services.ids, logger, authenticator });
  return { drainSockets: () => void sockets.drain(), cutSockets: () => sockets.terminate() };
}

/** The doors for agents at work. */
function openAgentDoors(app: FastifyInstance, { turns: { asks }, memories }: DoorServices): void {
  if (asks === undefined) return;
  openAsksDoor(app, asks);
  openMemoryDoor(app, { asks, memories });
}

function openOpenApiDoor(app: FastifyInstance): void {
  const document = openApiDocument(basePaths[0]);
  app.get("/openapi.json", async (_request, reply) => sendJson(reply, document));
}

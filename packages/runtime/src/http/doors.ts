/** All doors for messages, below one server. Every turn that comes in by any of them goes through the same pipeline. */
import type { FastifyInstance } from "fastify";
import { openGraphqlDoor } from "../graphql/graphql-door.ts";
import { GraphqlOperations } from "../graphql/operations.ts";
import { openSubscriptionsDoor } from "../graphql/subscriptions-door.ts";
import { openAgentsDoor } from "./agents-door.ts";
import { openTurnDoor, type TurnDoorServices } from "./turn-door.ts";

const basePaths = ["/apis/v1", "/lmos/runtime/apis/v1"];

/** Opens the doors. */
export function openDoors(app: FastifyInstance, services: TurnDoorServices): void {
  const { routings, clock, logger } = services.turns;
  for (const basePath of basePaths) {
    openTurnDoor(app, basePath, services);
    openAgentsDoor(app, basePath, routings);
  }
  const operations = new GraphqlOperations(services);
  openGraphqlDoor(app, operations);
  openSubscriptionsDoor(app, { operations, clock, logger });
}

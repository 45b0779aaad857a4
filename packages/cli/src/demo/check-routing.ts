import { ask } from "../runtime-client.ts";
import { acmeTurn, type ExpectedMessage, readExpectedMessages } from "./acme.ts";
import type { CheckScene } from "./check-scene.ts";
import {
  boundedShares,
  describeShare,
  holds,
  type RoutedMessage,
  routingFigures,
} from "./routing-figures.ts";

/** Sends every message of the example over HTTP and holds where it went against what a dispatcher would do. */
export async function checkRouting(scene: CheckScene, folder: string): Promise<void> {
  const { checks, context } = scene;
  const messages = await readExpectedMessages(folder);
  checks.section(`routing ${messages.length} messages over HTTP`);
  const routed: RoutedMessage[] = [];
  for (const message of messages) routed.push(await routeOne(message, scene));
  const figures = routingFigures(routed);
  const reached = figures.acceptedRight + figures.askedRight;
  context.terminal.print(
    `  ${figures.acceptedRight} of ${figures.inScope} reached the expected agent at once, ${figures.askedRight} after a question that names it (${reached} in all)`,
  );
  for (const share of boundedShares(figures)) checks.record(describeShare(share), holds(share));
}

async function routeOne(
  { message, channel, expect }: ExpectedMessage,
  { runtimeUrl, context }: CheckScene,
): Promise<RoutedMessage> {
  const turn = acmeTurn({ runtimeUrl, channel, message, id: context.ids.next() });
  const { decision = "", agent, choices, alternatives } = await ask(turn, { signal: context.signal });
  return { expected: expect, decision, agent, choices, alternatives };
}

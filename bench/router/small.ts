/** Small catalogues, as a single channel has them, drawn from CLINC150. */

import type { EmbeddingModel } from "@lmos/embeddings";
import { share } from "@lmos/router";
import { SeededRandom } from "@lmos/testing";
import type { DataSet, Labelled } from "./data.ts";
import { type Outcome, routeAll, routerUnderTest, unlabelled } from "./run.ts";
import { drawCapabilities, drawCatalogue, type Shots, shuffle } from "./sample.ts";

/** Size of a catalogue. */
export interface SmallCatalogue {
  readonly agents: number;
  readonly capabilities: number;
  readonly shots: Shots;
}

/** Figures of one catalogue, shares 0 to 1. */
export interface SmallFigures {
  readonly bestRight: number;
  readonly acceptedRight: number;
  readonly acceptedWrong: number;
  readonly asked: number;
  /** Accepted although out of scope: CLINC's own such messages, other domains, other intents of the same domains. */
  readonly far: number;
  readonly other: number;
  readonly near: number;
}

/** Messages per kind that no capability covers; more would only cost time. */
const outsideSample = 300;

/** One random catalogue, measured on the test messages of its capabilities and on three kinds of others. */
export async function measureSmall(
  data: DataSet,
  draw: { readonly catalogue: SmallCatalogue; readonly seed: number },
  embedding: EmbeddingModel,
): Promise<SmallFigures> {
  const random = new SeededRandom(draw.seed);
  const chosen = drawCapabilities(data.train, draw.catalogue, random);
  const isChosen = ({ capability }: Labelled): boolean => chosen.has(capability);
  const train = data.train.filter(isChosen);
  const agents = new Set(train.map(({ agent }) => agent));
  const router = await routerUnderTest(drawCatalogue(train, draw.catalogue.shots, random), embedding);
  const accepted = async (messages: readonly Labelled[]): Promise<number> =>
    share(await routeAll(router, shuffle(messages, random).slice(0, outsideSample)), isAccepted);
  const inside = await routeAll(router, data.test.filter(isChosen));
  return {
    bestRight: share(inside, ({ agentRight }) => agentRight),
    acceptedRight: share(inside, (outcome) => isAccepted(outcome) && outcome.agentRight),
    acceptedWrong: share(inside, (outcome) => isAccepted(outcome) && !outcome.agentRight),
    asked: share(inside, ({ decision }) => decision === "ask"),
    far: await accepted(data.outOfScope.map(unlabelled)),
    other: await accepted(data.test.filter(({ agent }) => !agents.has(agent))),
    near: await accepted(data.test.filter((row) => agents.has(row.agent) && !isChosen(row))),
  };
}

function isAccepted({ decision }: Outcome): boolean {
  return decision === "accept";
}

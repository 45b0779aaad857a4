/** All phases on one server at one scale. */
import { applyDefinitions } from "../../tests/operator/harness/definitions.ts";
import { observe } from "./observer.ts";
import {
  annotation,
  applyAll,
  type Bench,
  coldStart,
  firstManifests,
  lateAgents,
  type MeasuredServer,
  manyChannels,
  rest,
  restart,
  sharedAgent,
  singleEdits,
  steadyEdits,
} from "./phases.ts";
import { type Scale, World } from "./world.ts";

/** What a run is about. */
export interface RunOptions {
  readonly server: "embedded" | "real";
  readonly scale: Scale;
  readonly editSeconds: number;
  readonly restSeconds: number;
  readonly say: (text: string) => unknown;
}

/** The figures of every phase. */
export type Run = Awaited<ReturnType<typeof measure>>;

/** Runs all phases on a server that has just been started. */
export async function measure(
  started: MeasuredServer,
  { server, scale, editSeconds, restSeconds, say }: RunOptions,
) {
  const { client } = started;
  await applyDefinitions(client);
  const world = new World(scale);
  await applyAll(client, firstManifests(world));
  await using observer = await observe(client, world);
  const told = <R>(phase: string, figures: R): R => {
    say(`${phase} ${JSON.stringify(figures)}`);
    return figures;
  };
  const cold = await coldStart({ server: started, world, observer });
  told("cold start", cold.figures);
  const bench: Bench = { server: started, world, observer, operator: cold.operator };
  try {
    return {
      ...{ server, scale, cold: cold.figures },
      shared: told("shared agent", await sharedAgent(bench)),
      many: told("many channels", await manyChannels(bench)),
      sharedAgain: told("shared agent again", await sharedAgent(bench)),
      single: told("single edits", await singleEdits(bench, 200)),
      annotation: told("annotation", await annotation(bench)),
      late: told("late agents", await lateAgents(bench)),
      restart: told("restart", await restart(bench)),
      steady: told("steady edits", await steadyEdits(bench, { perSecond: 100, seconds: editSeconds })),
      rest: told("rest", await rest(bench, restSeconds)),
    };
  } finally {
    await bench.operator[Symbol.asyncDispose]();
  }
}

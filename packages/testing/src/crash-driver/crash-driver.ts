/**
 * Crashes a program at every write. A clean run tells how many mutating requests there are; then, for each n and for
 * both points (before the nth reaches the server, and after the server did it but before the program hears of it), the
 * program is killed there, started again and left to finish. Every run must end in the state of the clean one, with the
 * same objects created and deleted as often.
 */
import { type Clock, canonicalJson } from "@lmos/primitives";
import { isMutating } from "../fault-proxy/api-request.ts";
import type { FaultRule } from "../fault-proxy/fault.ts";
import { mutationsOf } from "../fault-proxy/history.ts";
import { type HttpProxy, startHttpProxy } from "../fault-proxy/http-proxy.ts";
import type { Upstream } from "../fault-proxy/upstream.ts";
import { maskVolatile } from "./mask.ts";
import { summarizeWrites, type WriteSummary } from "./write-summary.ts";

/** A program that can be ended at once. */
export interface Killable {
  kill(): Promise<void>;
}

/** One run, in surroundings of its own. */
export interface CrashScene {
  /** Starts the program; its API server is at that URL. */
  start(url: string): Killable;
  /** Gives the program its work, and resolves when all of it is done. */
  drive(): Promise<void>;
  /** The state in the end. */
  observe(): Promise<unknown>;
}

/** What crashes are planned with. */
export interface CrashOptions {
  readonly upstream: Upstream;
  readonly clock: Clock;
  /** Sets a new scene; `label` is lower-case letters, digits and dashes, and different for each. */
  scene(label: string): Promise<CrashScene>;
  /** How many runs go on at a time; one unless given. */
  readonly concurrency?: number | undefined;
}

/** Where the program is killed. */
export interface CrashPlan {
  readonly point: "before" | "after";
  readonly nth: number;
}

/** What came of a plan: no differences means that it is green. */
export interface CrashResult extends CrashPlan {
  readonly differences: readonly string[];
}

/** The clean run's writes, and what came of every plan. */
export interface CrashReport {
  /** Verb and place of each mutating request of the clean run, in order. */
  readonly writes: readonly string[];
  readonly results: readonly CrashResult[];
}

/** What the program still does when all seems done belongs to the run. */
const settleMs = 250;

interface Outcome {
  readonly end: string;
  readonly summary: WriteSummary;
  readonly writes: readonly string[];
  readonly crashed: boolean;
}

/** Runs the clean run and every plan. */
export async function crashAtEveryWrite(options: CrashOptions): Promise<CrashReport> {
  const clean = await run(options, undefined);
  const plans = clean.writes.flatMap((_, index): readonly CrashPlan[] => [
    { point: "before", nth: index + 1 },
    { point: "after", nth: index + 1 },
  ]);
  const results: CrashResult[] = [];
  const waiting = plans.values();
  const work = async (): Promise<void> => {
    for (const plan of waiting)
      results.push({ ...plan, differences: await differencesOf(options, plan, clean) });
  };
  await Promise.all(Array.from({ length: options.concurrency ?? 1 }, work));
  return { writes: clean.writes, results };
}

async function differencesOf(
  options: CrashOptions,
  plan: CrashPlan,
  clean: Outcome,
): Promise<readonly string[]> {
  try {
    const seen = await run(options, plan);
    return [
      ...(seen.crashed ? [] : ["that write never came"]),
      ...(seen.end === clean.end ? [] : [`end state ${seen.end} instead of ${clean.end}`]),
      ...(canonicalJson(seen.summary) === canonicalJson(clean.summary)
        ? []
        : [`writes ${canonicalJson(seen.summary)} instead of ${canonicalJson(clean.summary)}`]),
    ];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

async function run(options: CrashOptions, plan: CrashPlan | undefined): Promise<Outcome> {
  const scene = await options.scene(plan === undefined ? "clean" : `${plan.point}-${plan.nth}`);
  let program: Killable | undefined;
  let crashed = false;
  const crash = async (): Promise<void> => {
    crashed = true;
    await program?.kill();
    program = scene.start(proxy.url);
  };
  await using proxy: HttpProxy = await startHttpProxy({
    upstream: options.upstream,
    clock: options.clock,
    crash,
  });
  proxy.setRules(plan === undefined ? [] : [ruleOf(plan)]);
  program = scene.start(proxy.url);
  try {
    await scene.drive();
    await options.clock.sleep(settleMs, { signal: new AbortController().signal });
    const end = canonicalJson(maskVolatile(await scene.observe()));
    const writes = mutationsOf(proxy.history, isMutating).map(({ request }) =>
      `${request.verb} ${request.resource} ${request.name ?? ""} ${request.subresource ?? ""}`.trim(),
    );
    return { end, summary: summarizeWrites(proxy.history), writes, crashed };
  } finally {
    await program.kill();
  }
}

function ruleOf({ point, nth }: CrashPlan): FaultRule {
  const verbs = ["create", "update", "patch", "apply", "delete", "deletecollection"] as const;
  return { match: { verbs }, occasion: { kind: "nth", nth }, fault: { kind: "crash", point } };
}

/**
 * `lmos demo --check`: the demo on free ports in a folder of its own, checking itself: routing, streaming, a deleted
 * agent, its return, a killed process, a restart of everything.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { type LaptopOptions, startLaptop } from "../laptop/start-laptop.ts";
import { readManifests } from "../manifests.ts";
import { acmeFolder } from "./acme.ts";
import { checkDeletedAgent } from "./check-deleted-agent.ts";
import { checkKilledProcess } from "./check-killed-process.ts";
import { checkRestart, type Inventory, takeInventory } from "./check-restart.ts";
import { checkRouting } from "./check-routing.ts";
import { checkStart } from "./check-start.ts";
import { checkStreaming } from "./check-streaming.ts";
import { Checks } from "./checks.ts";

/** Runs all checks; throws a CliError `Findings` when one failed, and what aborted the signal. */
export async function checkDemo(context: CommandContext): Promise<void> {
  const checks = new Checks(context.terminal);
  const directory = await mkdtemp(join(tmpdir(), "lmos-demo-"));
  try {
    await checks.expect("the demo runs to its end", () => runChecks(directory, checks, context));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  context.signal.throwIfAborted(); // what its user stopped has not failed
  context.terminal.print(`\n${checks.totals}`);
  if (checks.failed > 0) throw new CliError("Findings", `${checks.failed} checks of the demo failed`);
}

async function runChecks(directory: string, checks: Checks, context: CommandContext): Promise<void> {
  const baseFolder = acmeFolder();
  const manifests = await readManifests(baseFolder);
  const options = { directory, baseFolder, manifests, freePorts: true };
  const inventory = await checkFirstLife(options, checks, context);
  // Nothing is applied this time: what was there must still be there.
  await using laptop = await startLaptop({ ...options, manifests: [] }, context);
  await checkRestart(inventory, laptop, { checks, context });
}

async function checkFirstLife(
  options: LaptopOptions,
  checks: Checks,
  context: CommandContext,
): Promise<Inventory> {
  await using laptop = await startLaptop(options, context);
  const runtimeUrl = await checkStart(laptop, checks, context);
  const scene = { laptop, runtimeUrl, checks, context };
  await checkRouting(scene, options.baseFolder);
  await checkStreaming(scene);
  await checkDeletedAgent(scene, options.manifests);
  await checkKilledProcess(scene);
  return takeInventory(laptop.cluster.client, context.signal);
}

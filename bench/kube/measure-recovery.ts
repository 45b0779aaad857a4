/** How long each client is blind after a fault: from when the way is free again until it has heard of a new object. */
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeClient } from "@lmos/kube";
import { z } from "zod";
import { type Child, contenderProcess, startChild } from "./child.ts";
import type { Command } from "./contender-process.ts";
import { listedObject } from "./objects.ts";
import { configMaps } from "./ours.ts";
import { type ProxiedKubeconfig, proxied } from "./proxied.ts";

const contenders = ["ours", "client-node", "client-node-restarted"] as const;
const { signal } = new AbortController();

/** One that recovers, and one that is used as it is. */
export type RecoveringName = (typeof contenders)[number];

/** Milliseconds, or undefined where it was still blind when the wait was over. */
export type Recovery = Readonly<Record<RecoveringName, number | undefined>>;

export type Fault = "cut by FIN" | "cut by RST" | "half-open" | "API server restarted";

/** The server under test, as far as it can be disturbed. */
export interface Disturbed {
  readonly kubeconfigPath: string;
  readonly writer: KubeClient;
  /** Ends the API server, lets it be away for a while and starts it again; resolves when it is ready. */
  restart(): Promise<void>;
  /** How long is waited for a client that does not recover. */
  readonly patienceMs: number;
}

/** Fresh clients for each fault: one that did not recover would be blind for the next one too. */
export async function measureRecovery(fault: Fault, disturbed: Disturbed): Promise<Recovery> {
  await using started = new AsyncDisposableStack();
  const observers = await Promise.all(
    contenders.map(async (name) => {
      const link = started.use(
        await proxied(disturbed.kubeconfigPath, `${name}-${fault.replaceAll(" ", "-")}`),
      );
      const child = started.use(await startChild(contenderProcess, [name, link.kubeconfigPath]));
      await child.ask(z.unknown(), { do: "cache" } satisfies Command);
      return { link, child };
    }),
  );
  await sleep(3_000); // watches are open and calm
  await strike(
    fault,
    observers.map(({ link }) => link),
    disturbed,
  );
  const name = `after-${fault.toLowerCase().replaceAll(" ", "-")}`;
  await disturbed.writer.create(configMaps, listedObject(name), { signal });
  const [ours, plain, restarted] = await Promise.all(
    observers.map(({ child }) => timeUntilSeen(child, name, disturbed.patienceMs)),
  );
  return { ours, "client-node": plain, "client-node-restarted": restarted };
}

async function strike(
  fault: Fault,
  links: readonly ProxiedKubeconfig[],
  { restart }: Disturbed,
): Promise<void> {
  switch (fault) {
    case "API server restarted":
      return restart();
    case "cut by FIN":
      for (const { proxy } of links) proxy.cut("fin");
      return;
    case "cut by RST":
      for (const { proxy } of links) proxy.cut("reset");
      return;
    case "half-open":
      for (const { proxy } of links) proxy.blackhole("both");
      return;
    default:
      fault satisfies never;
  }
}

async function timeUntilSeen(child: Child, name: string, patienceMs: number): Promise<number | undefined> {
  const startedAt = performance.now();
  const seen = child.ask(z.unknown(), { do: "whenSeen", name } satisfies Command);
  seen.catch(() => undefined); // its process is ended when nobody waits any more
  const outcome = await Promise.race([seen.then(() => "seen"), sleep(patienceMs, "blind", { ref: false })]);
  return outcome === "seen" ? performance.now() - startedAt : undefined;
}

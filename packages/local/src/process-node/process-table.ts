/**
 * The processes of this laptop: what a node's kubelet is in a cluster. The table starts and stops them as it is told,
 * watches their readiness and their end, and tells its listeners of each change. It decides nothing but how long a
 * crashed process waits.
 */
import { keyText, type ObjectKey } from "@lmos/kube";
import {
  type BackoffPolicy,
  backoffDelayMs,
  type Clock,
  errorMessage,
  type IdSource,
  type Logger,
  type Random,
} from "@lmos/primitives";
import { type Environment, expandReferences } from "./environment.ts";
import { explainExit, type LocalProcess, type ProcessState } from "./local-process.ts";
import type { PortAllocator } from "./ports.ts";
import type { Prober } from "./prober.ts";
import { watchReadiness } from "./readiness.ts";
import type { OutputSink, SpawnedProcess, Spawner } from "./spawner.ts";
import type { Launch } from "./workload.ts";

/** What the table works with. */
export interface ProcessTableOptions {
  readonly spawner: Spawner;
  readonly prober: Prober;
  readonly ports: PortAllocator;
  /** Where the output of a Deployment's replica goes. */
  readonly outputOf: (deployment: ObjectKey, replica: number) => OutputSink;
  readonly environmentOf: (launch: Launch, port: number) => Environment;
  readonly workingDirectoryOf: (launch: Launch) => string;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly logger: Logger;
}

/** For whom and how to start a process. */
export type StartRequest = Pick<LocalProcess, "deployment" | "owner" | "templateHash" | "replica" | "launch">;

/** How a process is stopped. */
export interface StopTimes {
  /** Milliseconds between a ready process's being taken off its Services and its being asked to end. */
  readonly noticeMs: number;
  /** Milliseconds that it then has, before it is ended by force. */
  readonly graceMs: number;
}

/** `before` is undefined for a new process, `after` for one that is gone. */
export interface ProcessChange {
  readonly before: LocalProcess | undefined;
  readonly after: LocalProcess | undefined;
}

interface Entry {
  view: LocalProcess;
  running: SpawnedProcess | undefined;
  readonly gone: PromiseWithResolvers<void>;
}

const restartBackoff: BackoffPolicy = { initialMs: 500, maxMs: 30_000, factor: 2, jitter: 0 };
/** A process that ran this long before it ended is restarted as if it had never crashed. */
const settledAfterMs = 60_000;

/** Starts, watches and stops processes. */
export class ProcessTable {
  readonly #options: ProcessTableOptions;
  readonly #entries = new Map<string, Entry>();
  #closed = false;
  readonly #listeners = new Set<(change: ProcessChange) => void>();

  constructor(options: ProcessTableOptions) {
    this.#options = options;
  }

  /** All processes, whatever their state. */
  list(): readonly LocalProcess[] {
    return [...this.#entries.values()].map(({ view }) => view);
  }

  /** Those of one Deployment. */
  of(deployment: ObjectKey): readonly LocalProcess[] {
    const wanted = keyText(deployment);
    return this.list().filter((process) => keyText(process.deployment) === wanted);
  }

  /** Calls `listener` after each change; returns a function that ends this. */
  subscribe(listener: (change: ProcessChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts a process. One that can't be started counts as crashed. */
  async start(request: StartRequest): Promise<void> {
    if (this.#closed) return;
    const { ids, ports } = this.#options;
    const port = await ports.allocate(request.launch.preferredPort);
    if (this.#closed) return;
    const state: ProcessState = { kind: "starting" };
    const view = { ...request, id: ids.next(), port, crashes: 0, lastExit: undefined, state };
    const entry: Entry = { view, running: undefined, gone: Promise.withResolvers() };
    this.#entries.set(view.id, entry);
    this.#notify({ before: undefined, after: view });
    await this.#launch(entry);
  }

  /** Starts a waiting process again, on the same port where that is still free. */
  async restart(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (this.#closed || entry?.view.state.kind !== "waiting") return;
    this.#update(entry, { state: { kind: "starting" } });
    if (await this.#renewPort(entry)) await this.#launch(entry);
  }

  /** Stops a process as the times say, and resolves when it is gone. */
  async stop(id: string, { noticeMs, graceMs }: StopTimes): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    const { state } = entry.view;
    if (state.kind !== "stopping") this.#update(entry, { state: { kind: "stopping" } });
    if (state.kind === "waiting") this.#remove(entry);
    if (state.kind === "running" && state.ready) await this.#goneWithin(entry, noticeMs);
    entry.running?.signal("SIGTERM");
    await this.#goneWithin(entry, graceMs);
    entry.running?.signal("SIGKILL");
    await entry.gone.promise;
  }

  /** Stops all processes at once and starts none any more. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    const times: StopTimes = { noticeMs: 0, graceMs };
    await Promise.all([...this.#entries.keys()].map((id) => this.stop(id, times)));
  }

  /** The same one where it is still free. False where there is none: then it waits for another try. */
  async #renewPort(entry: Entry): Promise<boolean> {
    const { ports, logger } = this.#options;
    ports.release(entry.view.port);
    try {
      this.#update(entry, { port: await ports.allocate(entry.view.port) });
      return true;
    } catch (error) {
      logger.warn("there is no port for a process, trying again", { id: entry.view.id, error });
      this.#ended(entry, "could not be given a port");
      return false;
    }
  }

  async #launch(entry: Entry): Promise<void> {
    if (entry.view.state.kind === "stopping") {
      this.#remove(entry);
      return;
    }
    const { launch, port, deployment, replica } = entry.view;
    const { environmentOf, outputOf, spawner, workingDirectoryOf } = this.#options;
    const environment = environmentOf(launch, port);
    const output = outputOf(deployment, replica);
    const argv = launch.argv.map((word) => expandReferences(word, environment));
    try {
      const workingDirectory = workingDirectoryOf(launch);
      this.#supervise(entry, await spawner.spawn({ argv, environment, workingDirectory, output }));
    } catch (error) {
      output.write(new TextEncoder().encode(`${errorMessage(error)}\n`));
      output.end();
      this.#ended(entry, "could not be started");
    }
  }

  #supervise(entry: Entry, running: SpawnedProcess): void {
    const { clock, logger, prober } = this.#options;
    const { port, launch, state } = entry.view;
    entry.running = running;
    if (state.kind === "stopping") {
      running.signal("SIGTERM"); // told to stop before it had started
    } else {
      this.#update(entry, {
        state: { kind: "running", pid: running.pid, since: clock.monotonic(), ready: false },
      });
    }
    const probing = new AbortController();
    const onChange = (ready: boolean): void => this.#setReady(entry, ready);
    const target = { port, path: launch.probePath };
    watchReadiness({ prober, target, onChange, clock, signal: probing.signal }).catch((error) =>
      logger.error("readiness is no longer watched", { error }),
    );
    running.exited
      .then((exit) => {
        probing.abort();
        this.#ended(entry, explainExit(exit));
      })
      .catch((error) => logger.error("the end of a process was not handled", { error }));
  }

  #setReady(entry: Entry, ready: boolean): void {
    const { state } = entry.view;
    if (state.kind === "running") this.#update(entry, { state: { ...state, ready } });
  }

  #ended(entry: Entry, lastExit: string): void {
    entry.running = undefined;
    const { state } = entry.view;
    if (state.kind === "stopping") {
      this.#remove(entry);
      return;
    }
    const { clock, random } = this.#options;
    const now = clock.monotonic();
    const settled = state.kind === "running" && now - state.since >= settledAfterMs;
    const crashes = settled ? 1 : entry.view.crashes + 1;
    const until = now + backoffDelayMs(restartBackoff, crashes - 1, random);
    this.#update(entry, { crashes, lastExit, state: { kind: "waiting", until } });
  }

  async #goneWithin(entry: Entry, ms: number): Promise<void> {
    if (ms === 0) return;
    const timer = new AbortController();
    const expired = this.#options.clock.sleep(ms, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([entry.gone.promise, expired]);
    timer.abort();
  }

  #remove(entry: Entry): void {
    const before = entry.view;
    this.#entries.delete(before.id);
    this.#options.ports.release(before.port);
    entry.gone.resolve();
    this.#notify({ before, after: undefined });
  }

  #update(entry: Entry, change: Partial<LocalProcess>): void {
    const before = entry.view;
    entry.view = { ...before, ...change };
    this.#notify({ before, after: entry.view });
  }

  #notify(change: ProcessChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

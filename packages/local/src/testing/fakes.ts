/** Fakes of what the process table works with: a test decides what is ready and what exits. */
import type { ObjectKey } from "@lmos/kube";
import { silentLogger } from "@lmos/primitives";
import { FakeClock, SeededRandom, SequentialIds } from "@lmos/testing";
import type { ProcessExit } from "../process-node/local-process.ts";
import type { PortAllocator } from "../process-node/ports.ts";
import type { Prober } from "../process-node/prober.ts";
import { ProcessTable } from "../process-node/process-table.ts";
import type { SpawnedProcess, Spawner, SpawnRequest } from "../process-node/spawner.ts";

/** A program that ends when the test says so, or at once on a signal unless it is stubborn. */
export class FakeProgram implements SpawnedProcess {
  readonly pid: number;
  readonly request: SpawnRequest;
  readonly signals: string[] = [];
  stubborn = false;
  readonly #exit = Promise.withResolvers<ProcessExit>();

  constructor(pid: number, request: SpawnRequest) {
    this.pid = pid;
    this.request = request;
  }

  get exited(): Promise<ProcessExit> {
    return this.#exit.promise;
  }

  exit(code: number): void {
    this.#exit.resolve({ code, signal: null });
  }

  signal(name: "SIGTERM" | "SIGKILL"): void {
    this.signals.push(name);
    if (name === "SIGKILL" || !this.stubborn) this.#exit.resolve({ code: null, signal: name });
  }
}

export class FakeSpawner implements Spawner {
  readonly programs: FakeProgram[] = [];
  /** Why the next programs cannot be started. */
  failure: Error | undefined;

  spawn(request: SpawnRequest): Promise<SpawnedProcess> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const program = new FakeProgram(1000 + this.programs.length, request);
    this.programs.push(program);
    return Promise.resolve(program);
  }
}

/** Ports count up from 40000; a preferred one is given unless it is taken. */
export class FakePorts implements PortAllocator {
  readonly taken = new Set<number>();
  /** Why there is no port at the moment. */
  failure: Error | undefined;
  #next = 40_000;

  allocate(preferred: number | undefined): Promise<number> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const port = preferred === undefined || this.taken.has(preferred) ? this.#next++ : preferred;
    this.taken.add(port);
    return Promise.resolve(port);
  }

  release(port: number): void {
    this.taken.delete(port);
  }
}

/** Everything is ready that the test has named. */
export class FakeProber implements Prober {
  readonly readyPorts = new Set<number>();

  probe({ port }: { readonly port: number }): Promise<boolean> {
    return Promise.resolve(this.readyPorts.has(port));
  }
}

/** A process table on fakes. */
export function fakeTable() {
  const clock = new FakeClock();
  const spawner = new FakeSpawner();
  const ports = new FakePorts();
  const prober = new FakeProber();
  const output: string[] = [];
  const table = new ProcessTable({
    ...{ spawner, prober, ports, clock },
    outputOf: ({ name }: ObjectKey, replica) => ({
      write: (chunk) => output.push(`${name}-${replica}: ${new TextDecoder().decode(chunk)}`),
      end: () => undefined,
    }),
    environmentOf: (_launch, port) => ({ PORT: String(port) }),
    workingDirectoryOf: () => "/work",
    random: new SeededRandom(1),
    ids: new SequentialIds(),
    logger: silentLogger,
  });
  return { table, clock, spawner, ports, prober, output };
}

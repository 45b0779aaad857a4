/** What else a reader has to know of the machine. */
import { mkdtemp, open, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";

export interface Machine {
  /** Programs that wanted to run, on average over the last minute, before anything was measured. */
  readonly load: number;
  /** Milliseconds that one durable write of 4 KiB takes, where the embedded server's database is. */
  readonly syncMs: number;
}

export async function describeMachine(): Promise<Machine> {
  const load = loadavg()[0] ?? Number.NaN;
  return { load, syncMs: await measureSync(100) };
}

async function measureSync(writes: number): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), "bench-sync-"));
  const file = await open(join(directory, "file"), "w");
  const startedAt = performance.now();
  for (let write = 0; write < writes; write++) {
    await file.write(Buffer.alloc(4_096));
    await file.datasync();
  }
  const ms = performance.now() - startedAt;
  await file.close();
  await rm(directory, { recursive: true });
  return ms / writes;
}

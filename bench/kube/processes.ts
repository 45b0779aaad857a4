/** What processes use, as Linux tells it. */
import { readdirSync, readFileSync } from "node:fs";

/** Resident memory of a process in MiB. */
export function residentMiB(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kibibytes ?? 0) / 1024;
}

/** The processes whose command line names this program and this folder. */
export function processesOf(program: string, directory: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const [command = "", ...parameters] = commandLineOf(pid).split("\0");
      return command.endsWith(`/${program}`) && parameters.some((parameter) => parameter.includes(directory));
    });
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return ""; // it has ended meanwhile
  }
}

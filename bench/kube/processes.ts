/** What processes use, as Linux tells it. */
import { readdirSync, readFileSync } from "node:fs";

/** Resident memory of a process in MiB. */
export function residentMiB(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kibibytes ?? 0) / 1024;
}

const ticksPerSecond = 100;

/** Milliseconds of processor time that a process has used since its start. */
export function processorMs(pid: number): number {
  // The name, in parentheses, may hold spaces: what counts comes after it.
  const [, fields = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(/\) (?=[A-Z] )/);
  const [userTicks, systemTicks] = fields.split(" ").slice(11, 13).map(Number);
  return (((userTicks ?? 0) + (systemTicks ?? 0)) / ticksPerSecond) * 1000;
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

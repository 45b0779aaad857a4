/** Tells a process from another one that got the same pid later. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A text that no other process on this machine has or had; undefined when there is no such process. */
export function identityOf(pid: number): string | undefined {
  return identityInProc(pid) ?? identityByPs(pid);
}

/** Linux: the boot and the clock tick at which the process started; none for one that has ended but not been reaped. */
function identityInProc(pid: number): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const { state, startTick } = parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
    return state === "Z" || state === "X" ? undefined : `${boot}:${startTick}`;
  } catch {
    return undefined; // no such process, or no /proc
  }
}

/** Fields 3 and 22. The command, field 2, is in brackets and may itself contain brackets and spaces. */
function parseStat(stat: string): {
  readonly state: string | undefined;
  readonly startTick: string | undefined;
} {
  const fieldsFromState = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state: fieldsFromState[0], startTick: fieldsFromState[19] };
}

/** Elsewhere: the second at which it started. */
function identityByPs(pid: number): string | undefined {
  if (process.platform === "linux") return undefined;
  try {
    const started = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return started === "" ? undefined : started;
  } catch {
    return undefined; // no such process
  }
}

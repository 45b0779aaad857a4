/** Signals every process of the group that `pid` leads; nothing happens when the group has ended. */
export function signalGroup(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(-pid, name);
  } catch {
    // the group has ended
  }
}

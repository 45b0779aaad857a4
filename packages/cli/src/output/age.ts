const second = 1000;
const units = [
  { name: "d", ms: 86_400 * second, from: 2 },
  { name: "h", ms: 3600 * second, from: 3 },
  { name: "m", ms: 60 * second, from: 2 },
  { name: "s", ms: second, from: 0 },
] as const;

/** How long ago a timestamp (RFC 3339) was: `42s`, `7m`, `5h`, `3d`; empty text where there is none. */
export function formatAge(timestamp: string | undefined, nowMs: number): string {
  if (timestamp === undefined) return "";
  const elapsed = Math.max(0, nowMs - Date.parse(timestamp));
  const unit = units.find(({ ms, from }) => elapsed >= ms * from);
  return unit === undefined ? "" : `${Math.floor(elapsed / unit.ms)}${unit.name}`;
}

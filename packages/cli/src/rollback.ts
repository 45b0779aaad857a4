/** Which revision a rollback goes to. Pure. */
import type { Channel } from "@lmos/resources";
import { CliError } from "./errors.ts";

/** The wanted revision if the Channel still has it, else the newest before the active one. Throws CliError. */
export function rollbackTarget({ metadata, status }: Channel, wanted: string | undefined): number {
  const known = (status?.revisions ?? []).map(({ revision }) => revision);
  const active = status?.activeRevision ?? Number.POSITIVE_INFINITY;
  const target =
    wanted === undefined
      ? known.filter((revision) => revision < active).sort((left, right) => right - left)[0]
      : known.find((revision) => String(revision) === wanted);
  if (target !== undefined) return target;
  const missing = wanted === undefined ? "no revision before the active one" : `no revision ${wanted}`;
  throw new CliError("NotFound", `${metadata.name} has ${missing}; it has ${known.join(", ") || "none"}`);
}

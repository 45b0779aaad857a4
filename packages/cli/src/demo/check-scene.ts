import type { CommandContext } from "../context.ts";
import type { Laptop } from "../laptop/start-laptop.ts";
import type { Checks } from "./checks.ts";

/** What a check works with. */
export interface CheckScene {
  readonly laptop: Laptop;
  readonly runtimeUrl: string;
  readonly checks: Checks;
  readonly context: CommandContext;
}

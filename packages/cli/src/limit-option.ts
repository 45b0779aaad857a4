/** The option `--limit`: a bound of the runtime that is to differ, by its name. */
import { defaultLimits, faultOfLimit, type RuntimeLimits } from "@lmos/runtime";
import { type Command, InvalidArgumentError } from "commander";

/** The options of a command with limits, as commander gives them. */
export interface LimitOptions {
  readonly limit: Partial<RuntimeLimits>;
}

/** Adds the option; it may be given several times. */
export function withLimitOptions(command: Command): Command {
  return command.option(
    "--limit <name=number>",
    `a bound that differs, several times if need be; a time is in milliseconds: ${Object.keys(defaultLimits).join(", ")}`,
    addLimit,
    {},
  );
}

/** Adds one to those that were given before. */
export function addLimit(text: string, others: Partial<RuntimeLimits>): Partial<RuntimeLimits> {
  const [, name = "", digits = ""] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (digits === "") throw new InvalidArgumentError("write a limit as tenantTurnsPerSecond=50");
  if (!isLimit(name)) {
    throw new InvalidArgumentError(
      `there is no limit "${name}"; there are ${Object.keys(defaultLimits).join(", ")}`,
    );
  }
  const fault = faultOfLimit(name, Number(digits));
  if (fault !== undefined) throw new InvalidArgumentError(fault);
  return { ...others, [name]: Number(digits) };
}

function isLimit(name: string): name is keyof RuntimeLimits {
  return Object.hasOwn(defaultLimits, name);
}

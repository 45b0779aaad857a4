import type { CelFunction } from "./function.ts";
import { addresses } from "./functions/addresses.ts";
import { conversions } from "./functions/conversions.ts";
import { formats } from "./functions/formats.ts";
import { lists } from "./functions/lists.ts";
import { operators } from "./functions/operators.ts";
import { optionals } from "./functions/optionals.ts";
import { quantities } from "./functions/quantities.ts";
import { regularExpressions } from "./functions/regular-expressions.ts";
import { textFunctions } from "./functions/texts.ts";
import { times } from "./functions/times.ts";

/** Every function that a rule may call: those of CEL, and those that Kubernetes 1.34 adds. */
const library: ReadonlyMap<string, readonly CelFunction[]> = Map.groupBy(
  [
    ...operators,
    ...conversions,
    ...textFunctions,
    ...regularExpressions,
    ...lists,
    ...times,
    ...optionals,
    ...addresses,
    ...quantities,
    ...formats,
  ],
  ({ name }) => name,
);

/** The overloads of a function, in the order in which they are tried. */
export function overloadsOf(name: string): readonly CelFunction[] {
  return library.get(name) ?? [];
}

/** The overloads of a function in a namespace, when a call looks like `sets.contains(…)`. */
export function qualifiedName(target: string, name: string): string | undefined {
  const qualified = `${target}.${name}`;
  return library.has(qualified) ? qualified : undefined;
}

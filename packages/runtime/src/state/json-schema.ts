import type { JsonValue } from "@lmos/primitives";
import { z } from "zod";

/** Any value of JSON that was parsed already: taken as it is. A schema that rebuilds it would lose a member `__proto__`. */
export const jsonSchema = z.custom<JsonValue>((value) => value !== undefined, {
  error: "a value is missing",
});

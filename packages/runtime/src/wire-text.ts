/** Texts of JSON documents as the Kotlin runtime reads them: a number or a truth value is text, too. */
import { z } from "zod";

/** Digits after which a number may have been another one as it was written. */
const exactDigits = 15;

/** A text of that length at most. */
export function wireText(maxLength: number): z.ZodType<string> {
  return z.preprocess(readScalar, z.string().max(maxLength));
}

function readScalar(value: unknown): unknown {
  if (typeof value === "boolean") return String(value);
  return typeof value === "number" && isExact(value) ? String(value) : value;
}

/** A number that was rounded is no text: two users whose ids differ in the last digit would be one. */
function isExact(value: number): boolean {
  if (Number.isInteger(value)) return Number.isSafeInteger(value);
  const digits = String(value).replace(/e.*$/, "").replace(/\D/g, "").replace(/^0+/, "");
  return Number.isFinite(value) && digits.length <= exactDigits;
}

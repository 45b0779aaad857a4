/** Which media type an answer is said to have that is JSON, where a client names one. */

/**
 * The media type of a JSON answer where the client would rather have another one than `application/json`, as the Kotlin
 * runtime says it of the same document: one that is written as JSON (`application/problem+json`), or one with parameters.
 */
export function namedJson(accept: string | undefined): string | undefined {
  if (accept === undefined || !mayNameJson.test(accept)) return undefined;
  const type = preferredJson(accept);
  return type === "application/json" ? undefined : type?.replace("/*+", "/");
}

/** The type for JSON that the client names and would rather have than others, if it names any. */
export function preferredJson(accept: string | undefined): string | undefined {
  const ranges = (accept ?? "").split(",").map(readJsonRange).filter(isPresent);
  const [first] = ranges.toSorted((one, other) => other.quality - one.quality);
  return first?.type;
}

const mayNameJson = /json *;|[+-][a-z]*json/i;
/** `application/json`, `application/vnd.x+json`, `application/*+json`, `application/x-ndjson`, each with parameters. */
const jsonRange = /^application\/(?:json|[\w.-]+\+json|\*\+json|x-ndjson)(?:;[\w.-]+=[\w."-]+)*$/i;
/** Charsets in which JSON is not written. */
const foreignCharset = /;charset=(?!"?(?:utf-?8|us-ascii)\b)/i;

interface JsonRange {
  readonly type: string;
  readonly quality: number;
}

function readJsonRange(text: string): JsonRange | undefined {
  const [range = "", ...parameters] = text.split(";").map((part) => part.trim());
  const weightAt = parameters.findIndex((parameter) => /^q=/i.test(parameter));
  const named = weightAt < 0 ? parameters : parameters.slice(0, weightAt);
  const type = [range.toLowerCase(), ...named].join(";");
  if (!jsonRange.test(type) || foreignCharset.test(type)) return undefined;
  const quality = Number(parameters[weightAt]?.slice(2) ?? 1);
  return quality > 0 && quality <= 1 ? { type, quality } : undefined;
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}

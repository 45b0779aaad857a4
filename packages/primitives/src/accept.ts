/** How much a client wants a media type, by its header `Accept` (RFC 9110, section 12.5.1). */

interface AcceptedRange {
  readonly range: string;
  /** 0 (never) to 1. */
  readonly quality: number;
}

/**
 * The quality, from 0 (not at all) to 1, that `accept` gives `mediaType` (in lower case): that of the most specific range
 * which it is in. 1 without a header, or with an empty one. `named` counts only the ranges that spell the type out.
 */
export function acceptedQuality(
  accept: string | undefined,
  mediaType: string,
  { named = false }: { readonly named?: boolean } = {},
): number {
  if (accept === undefined || accept.trim() === "") return named ? 0 : 1;
  const ranges = accept.split(",").map(readRange);
  const candidates = named ? [mediaType] : [mediaType, `${mediaType.split("/", 1)[0]}/*`, "*/*"];
  const specific = candidates.find((candidate) => ranges.some(({ range }) => range === candidate));
  const fitting = ranges.filter(({ range }) => range === specific);
  return fitting.reduce((most, { quality }) => Math.max(most, quality), 0);
}

function readRange(text: string): AcceptedRange {
  const [range = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
  // Java's HttpURLConnection writes `*` for `*/*`, and `.2` for `0.2`.
  return { range: range === "*" ? "*/*" : range, quality: quality === undefined ? 1 : readQuality(quality) };
}

/** What is no quality is none. */
function readQuality(text: string): number {
  return /^(0?(\.\d{1,3})|0\.?|1(\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}

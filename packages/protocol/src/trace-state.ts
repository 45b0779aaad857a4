/** W3C `tracestate`: what the tracing systems of a caller want to be told again, `key=value` pairs, the youngest first. */

const maxMembers = 32;
/** Characters that go on; who has more loses what the recommendation names first. */
const maxLength = 512;
const largeMember = 128;

/** As in the second level of the recommendation, which allows more than the first. */
const key = "[a-z0-9][a-z0-9_*/@-]{0,255}";
/** Printable text without commas and equals signs that does not end with a blank. */
const value = "[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]{0,255}[\\x21-\\x2b\\x2d-\\x3c\\x3e-\\x7e]";
const memberPattern = new RegExp(`^(${key})=${value}$`);

/**
 * The state that goes on: without blanks and empty members, and cut to 512 characters, large members first, then the
 * oldest. Undefined where it is malformed (then nothing of it counts), has more than 32 members, or is empty.
 */
export function tracestateOf(header: string | undefined): string | undefined {
  if (header === undefined || header.length > maxMembers * maxLength) return undefined;
  const members = header
    .split(",")
    .map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ""))
    .filter((member) => member !== "");
  const keys = new Set(members.map((member) => memberPattern.exec(member)?.[1]));
  if (keys.has(undefined) || keys.size < members.length || members.length > maxMembers) return undefined;
  const kept = cut(members).join(",");
  return kept === "" ? undefined : kept;
}

/** The members that fit. */
function cut(members: readonly string[]): readonly string[] {
  if (members.join(",").length <= maxLength) return members;
  const last = members.findLastIndex((member) => member.length > largeMember);
  return cut(members.toSpliced(last, 1)); // -1 is the oldest
}

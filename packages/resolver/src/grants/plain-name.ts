/**
 * Names that look like other names: `billing` with a Cyrillic i, with an invisible character, in full-width letters.
 * Names are compared exactly everywhere; this is about the people who read them, and about patterns that fit them.
 */

/** Letters of Cyrillic and Greek that look like Latin ones, each followed by that. */
const lookalikes =
  "аaбbвbгrеeзzіiїiјjкkмmнhоoпnрpсcтtуyхxѕsһhԁdԛqԝwѵvӏlАAВBЕEІIЈJКKМMНHОOРPСCТTУYХXЅS" +
  "αaβbγyεeηnιiκkνvοoρpτtυuχxωwΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX";
const latinOf = new Map(
  Array.from({ length: lookalikes.length / 2 }, (_, at) => [
    lookalikes.charAt(2 * at),
    lookalikes.charAt(2 * at + 1),
  ]),
);

/** Controls, format characters such as zero-width ones, and what stands for a line's end or a wider blank. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0\u2000-\u200a\u3000]/u;
const latin = /\p{Script=Latin}/u;
const likeLatin = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;
const ascii = /^[\u0020-\u007e]*$/;

/** False for a name that people may take for another one. */
export function isPlainName(name: string): boolean {
  if (ascii.test(name)) return true;
  if (invisible.test(name) || name.normalize("NFKC") !== name) return false;
  if (latin.test(name) && likeLatin.test(name)) return false;
  const likeness = Array.from(name, (character) => latinOf.get(character) ?? character).join("");
  return !ascii.test(likeness);
}

/** The name as it can be shown to people: what is not plain is written as code points. */
export function showName(name: string): string {
  if (isPlainName(name)) return name;
  return Array.from(name, (character) =>
    ascii.test(character) ? character : `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`,
  ).join("");
}

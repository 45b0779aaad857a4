/** Words that every text is full of, whatever it is about. English, like the greetings. */
import { wordsOf } from "./words.ts";

const functionWords: ReadonlySet<string> = new Set(
  [
    // Articles, pronouns and what goes with them.
    "a an the this that these those that's one ones same other i i'm i'd i'll i've me my mine you your we us our he she him her his they them their it its it's there there's here",
    // Conjunctions, prepositions and particles.
    "and or but so if then than as of in on at to for from with without by until till before after about into out up down over off not no yes yeah ok okay please thanks",
    // Auxiliaries.
    "is are was were be been am do does did don't doesn't didn't done has have had having can can't could will won't would shall should may might must",
    // What questions begin with.
    "what what's when where which who whom whose why how long much many often soon far late early",
    // How much, when and in what way.
    "later earlier sooner longer else any some all both each every more less last next first now again still yet already too also just only even really exactly actually instead back today tomorrow",
    // Verbs that say little without an object.
    "get gets got getting take takes took taken cost costs work works worked go goes went come comes came mean means happen happens happened make makes need needs want know say says said tell see give gives put let keep use",
  ].flatMap((words) => words.split(" ")),
);

/** Whether a message has words and all of them are such: it can only be about what was said before. */
export function namesNothing(message: string): boolean {
  const words = wordsOf(message);
  return words.length > 0 && words.every((word) => functionWords.has(word.replace("\u2019", "'")));
}

/** Which of the languages' sentences are said. */
import { type SaidMessage, spokenLanguageOf } from "../language/conversation-language.ts";
import type { LanguageTag } from "../language/language.ts";
import { english } from "./english.ts";
import { german } from "./german.ts";
import type { Sentences } from "./sentences.ts";

const catalogue: Readonly<Record<LanguageTag, Sentences>> = { en: english, de: german };

/** In whose language something is said. */
export interface SaidTo {
  /** A language tag of the channel, such as `de-AT`; one that the catalogue has not is answered in English. */
  readonly declared: string | undefined;
  /** What was said so far, oldest first. */
  readonly messages: readonly SaidMessage[];
}

/** In the channel's language where it declares one, else in the one that the user writes, else in English. */
export function sentencesFor(said: SaidTo): Sentences {
  const tag = languageFor(said).toLowerCase().split("-")[0];
  return catalogue[tag === "de" ? "de" : "en"];
}

/** The tag of that language, whether the catalogue has it or not. */
export function languageFor({ declared, messages }: SaidTo): string {
  return declared ?? spokenLanguageOf(messages) ?? "en";
}

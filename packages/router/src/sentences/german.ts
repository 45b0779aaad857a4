import { joinedWith, quotedIn } from "./joined.ts";
import type { Sentences } from "./sentences.ts";

/** German, to people who are not known. */
export const german: Sentences = {
  greeting: "Guten Tag!",
  welcome: "Gern geschehen!",
  parting: "Auf Wiedersehen!",
  refusal: "Dabei kann ich Ihnen hier leider nicht helfen.",
  refusalForNow: "Dabei kann ich Ihnen im Moment leider nicht helfen.",
  offer: (topics) => `Helfen kann ich bei: ${topics.join(", ")}.`,
  whichTopic: (topics) =>
    `Ich bin nicht sicher, was Sie brauchen. Geht es um eines davon: ${topics.join(", ")}?`,
  whichChoice: (options) =>
    `Ich möchte Sie richtig verstehen. Geht es um: ${joinedWith("oder", quotedIn(["„", "“"], options))}?`,
  nobodyTakesOver: "Leider ist im Moment niemand da, der das übernehmen könnte.",
  unanswered: (part) => `Darauf habe ich im Moment leider keine Antwort: „${part}“`,
  skipped: (part) => `Dazu kann ich leider nichts sagen, weil es davon abhängt: „${part}“`,
};

import { joinedWith, quotedIn } from "./joined.ts";
import type { Sentences } from "./sentences.ts";

/** English. */
export const english: Sentences = {
  greeting: "Hello!",
  welcome: "You're welcome!",
  parting: "Goodbye!",
  refusal: "Sorry, I can't help with that here.",
  refusalForNow: "Sorry, I can't help with that at the moment.",
  offer: (topics) => `What I can help with: ${topics.join(", ")}.`,
  whichTopic: (topics) => `I'm not sure what you need. Is it about one of these: ${topics.join(", ")}?`,
  whichChoice: (options) =>
    `I want to be sure I understand you. Is it about: ${joinedWith("or", quotedIn(["“", "”"], options))}?`,
  nobodyTakesOver: "Sorry, nobody is here at the moment who could take this over.",
  unanswered: (part) => `Sorry, I have no answer at the moment to: “${part}”`,
  skipped: (part) => `Sorry, I can say nothing to this, as it depends on that: “${part}”`,
};

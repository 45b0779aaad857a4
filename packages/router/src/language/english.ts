import { backgroundSentences } from "@lmos/ranking";
import type { Language } from "./language.ts";

/** English. */
export const english: Language = {
  tag: "en",
  everyday: backgroundSentences,
  courtesy: {
    openings:
      "(?:hi|hiya|hello|hey|greetings|good (?:morning|afternoon|evening|day))(?: (?:there|team|all|everyone|folks))?|dear (?:team|support|sir or madam)|please|pls|plz|ok|okay|so|well|um|sorry|excuse me",
    closings: "thanks|thank you|many thanks|thx|cheers|please|pls|plz|asap",
    greetings:
      "hi|hiya|hello|hey|yo|greetings|good (?:morning|afternoon|evening|day)|morning|how are you(?: doing)?(?: today)?|how'?s it going|nice to meet you|(?:is )?(?:anyone|anybody|somebody|someone)(?: there| here)?|are you there",
    thanks: "thanks|thank you|many thanks|thx|ty|cheers",
    partings:
      "bye(?: bye)?|goodbye|good night|see (?:you|ya)|have a (?:nice|good|great|lovely) (?:day|evening|weekend|one)|that'?s (?:all|it)",
    around:
      "there|here|team|all|everyone|folks|guys|again|so much|very much|a lot|for (?:your|the) help|for now|you too|please|great|perfect|super|cool|nice|lovely|awesome|ok|okay|alright|and|then|well|oh",
  },
  turn: {
    changes:
      "by the way|btw|(?:something|anything) else|(?:one|an)(?: more| other|other) (?:thing|question)|one more|next thing|(?:different|new|second|another) (?:question|topic|issue|matter)|speaking of|meanwhile|until then|before that|never ?mind|on another note|(?:apart|other) (?:from|than) that|additionally|in addition|furthermore|secondly|(?:my |the )?(?:second|other|next) (?:question|thing|point)(?: is)?|i also|also(?=,)|and also|another thing|besides",
    conjunctions: "and|or|but|so|then|what about|how about",
    prepositions:
      "in|on|at|to|for|from|with|without|by|until|till|before|after|around|since|near|next to|under|over|as",
    sentence:
      "i|we|he|she|they|you|can|could|do|does|did|don't|doesn't|didn't|is|are|was|were|isn't|aren't|have|has|had|may|will|would|shall|should|need|want|must|am|be|(?<=['\u2019])(?:m|re|ve|ll|d|s)",
    pronouns: "it|its|them|they",
    demonstratives: "that|this|those|these",
    afterDemonstratives:
      "is|was|will|does|do|be|for|in|on|at|to|by|from|with|too|then|costs?|takes?|works?|means?|goe?s?|and",
    corrections: "no|nope|not|sorry|wait|oops|actually|i mean|i meant",
    denials: "not (?:the|my|an?|our|your|his|her|this|that|on|for|in|from)",
    transitions:
      "i mean|i meant|sorry|wait|actually|al ?right|all right|great|good|fine|perfect|lovely|thanks|thank you|i see|not bad|let's see|right|oh|ok|okay|yes|no|well|so|and|but|also|then|now|next one|one more(?: thing| question)?|(?:something|anything) else|(?:i've got |i have )?another (?:thing|question|matter)|by the way|btw|meanwhile|never ?mind|besides|while (?:i have you|(?:i'm|we're|we are) at it)|speaking of \\w+",
    lastTransitions: "by the way|btw|meanwhile|too|as well|also|then|though",
  },
  parts: {
    joints: "(?:oh )?and(?: also)?|also|as well as|plus",
    joining: "oh|and|also|plus",
    references:
      "if (?:so|not|yes|no)|in that case|otherwise|(?:depending|based) on (?:that|this|it|the (?:answer|result))|with (?:that|this) (?:answer|result)|(?:and )?(?:after that|afterwards|then)",
    fronted:
      "if|since|because|as|after|before|while|although|though|once|unless|whenever|in|on|at|for|with|from|by|during|regarding|when (?:i|we|my|our|the|you|your|it|they|he|she)",
    articles: "an?|the|my|our|your",
  },
  topics: {
    or: "or",
    and: "and(?: also)?",
    verbs:
      "i|we|he|she|they|you|it|can|could|do|does|did|is|are|was|were|has|have|had|may|will|would|shall|should|need|want|must|am|be|get|how|what|when|where|who|why|which|(?<=['\u2019])(?:m|re|ve|ll|d|s|t)",
    introductions:
      "about|regarding|concerning|to do with|(?:help|questions?|problems?|issues?|trouble) (?:with|on)",
    doubts:
      "or (?:so|something)|(?:i(?:['\u2019]?m| am) )?not sure|i (?:don['\u2019]?t|do not) know|no idea|dunno",
    closings: "help|please|thanks",
  },
  replies: {
    positions: ["1 one first 1st former", "2 two second 2nd", "3 three third 3rd"],
    last: "last latter",
    fillers:
      "a an the it its it's is i i'm my me to of for with about please pls thanks thank you yes no nr number option choice take want mean meant one that this in on er um hm oh ok okay well i'd like would rather then",
    refusals: "no nope nah none neither nothing nevermind never forget not",
    refusalCompany:
      "mind these those them either else something other another different any at all really sorry and but was both wrong",
    all: "both all",
    allCompany: "of them these those and two three",
  },
  functionWords: [
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
    // What things are like, whichever they are.
    "new old right wrong good bad better worse big small bigger smaller cheaper different",
    // Verbs that say little without an object.
    "get gets got getting take takes taken cost costs work works worked go goes went come comes came mean means happen happens happened make makes need needs want know say says said tell see give gives put let keep use",
  ],
};

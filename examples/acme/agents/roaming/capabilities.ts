/** What the roaming agent can do, with the way customers ask for it. */
export const roamingCapabilities = [
  {
    id: "explain-roaming",
    name: "explain-roaming",
    version: "1.0.0",
    description:
      "Explains how to use the phone abroad, what it costs, and which data packs there are for travel",
    examples: [
      "What does it cost to use my phone abroad?",
      "I'm travelling to the USA next week, do I need a data pack?",
      "can i use my data in Spain for free",
      "How do I switch on roaming?",
      "calls from Switzerland, how expensive are they",
      "I'm on holiday in Turkey and have no mobile data",
      "is the UK still included in EU roaming",
      "travel package for Thailand please",
      "will I be charged for incoming calls when I'm in another country",
      "internet on a cruise ship or a plane, what are the fees",
    ],
  },
] as const;

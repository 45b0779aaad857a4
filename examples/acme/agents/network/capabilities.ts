/** What the network agent can do, with the way customers ask for it. */
export const networkCapabilities = [
  {
    id: "report-outage",
    name: "report-outage",
    version: "1.0.0",
    description: "Tells about outages of internet, mobile network and television, and takes reports of them",
    examples: [
      "My internet is down",
      "Is there an outage in my area?",
      "no signal on my phone since this morning",
      "the wifi doesn't work at all",
      "I can't make any calls, there is no network",
      "the router's light is red and nothing works",
      "TV and internet are both dead here in Hamburg",
      "when will the disruption be fixed",
      "we have had no connection for two days",
      "Hello, my landline is not working",
    ],
  },
  {
    id: "check-speed",
    name: "check-speed",
    version: "1.0.0",
    description: "Helps with slow internet: measures the speed and gives advice for router and wifi",
    examples: [
      "My internet is really slow",
      "I pay for 250 Mbit but only get 30",
      "videos keep buffering in the evening",
      "how can I test the speed of my line",
      "The wifi is weak in the bedroom",
      "where should I put the router for better reception",
      "downloads take forever since last week",
      "online games lag all the time, bad ping",
      "upload speed is terrible in video calls",
    ],
  },
] as const;

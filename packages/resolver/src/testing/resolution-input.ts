/** Resolutions that nobody wrote down: few names and versions, so that they meet often. */
import fc from "fast-check";
import type { Provider, Requirement, ResolutionInput } from "../model.ts";

/** Names of capabilities. */
const name = fc.constantFrom("bill", "news", "weather");
const version = fc.constantFrom(
  "1.0.0",
  "1.1.0",
  "1.1.0+b",
  "2.0.0",
  "2.0.0-rc.1",
  "v1.0.0",
  "1.0",
  "latest",
  "",
);
/** Ranges, some of them none. */
const range = fc.constantFrom(">=1.0.0", "^1.0.0", "[1.0,2.0[", "*", "banana", "", ">=9.0.0", ">=2.0.0-0");
const subset = fc.constantFrom("stable", "canary");

/** Filters that fit, that do not, and that are none. */
const filter = fc.constantFrom(
  'attributes.region == "eu"',
  "int(attributes.level) > 1",
  "has(attributes.region)",
  "attributes.region",
  "attributes.region ==",
  "attributes.all(a, attributes.all(b, attributes.all(c, true)))",
);
const requirement: fc.Arbitrary<Requirement> = fc.record(
  {
    id: fc.constantFrom("", "x"),
    name,
    range,
    strategy: fc.constantFrom("HIGHEST", "MOST_SIMILAR", "LOWEST", "STICKY"),
    resolution: fc.constantFrom("mandatory", "optional"),
    cardinality: fc.constantFrom("single", "multiple"),
    filter,
  },
  { requiredKeys: ["id", "name", "range", "strategy"] },
);
const capability = fc.record({
  id: fc.constantFrom("", "a", "b"),
  name,
  version,
  description: fc.constantFrom("", "words"),
  examples: fc.array(fc.constantFrom("one", "two"), { maxLength: 2 }),
  attributes: fc.option(
    fc.dictionary(fc.constantFrom("region", "level"), fc.constantFrom("eu", "us", "2", "")),
    {
      nil: undefined,
    },
  ),
  uses: fc.option(fc.subarray(["bill", "news", "weather"]), { nil: undefined, freq: 2 }),
  mandatory: fc.constantFrom(undefined, undefined, ["region"]),
  grantedTo: fc.constantFrom(undefined, undefined, ["*"], ["acme", "g*"], ["globex"], []),
});
/** An agent, be it for somebody else. */
export const provider: fc.Arbitrary<Provider> = fc.record({
  name: fc.constantFrom("a", "b", "c", "d", "e", "f", "g"),
  description: fc.constant(""),
  host: fc.constant("host"),
  subset,
  tenants: fc.subarray(["acme", "globex"]),
  channels: fc.subarray(["web", "ivr"]),
  capabilities: fc.array(capability, { maxLength: 4 }),
  requirements: fc.option(fc.array(requirement, { maxLength: 2 }), { nil: undefined }),
  ready: fc.constantFrom(undefined, true, false),
  overQuotaOf: fc.constantFrom(undefined, undefined, undefined, ["acme"], ["acme", "globex"]),
});
/** A channel, what is in force, and the agents. */
export const input: fc.Arbitrary<ResolutionInput> = fc.record({
  channel: fc.record({ tenant: fc.constantFrom("acme", "globex"), channel: fc.constant("web"), subset }),
  requirements: fc.array(requirement, { maxLength: 5 }),
  providers: fc.uniqueArray(provider, { maxLength: 6, selector: (one) => one.name }),
  current: fc.array(fc.record({ name, range, provider: fc.constantFrom("a", "b", "c", "d", "gone") }), {
    maxLength: 3,
  }),
});

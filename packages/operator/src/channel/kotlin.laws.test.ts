/**
 * The Kotlin operator's algorithm in its plainest form, beside ours, for object sets that nobody wrote down: wherever it
 * resolves we write the same groups, and where it activates half only the policy `Partial` does.
 */
import { parseRange, parseVersion } from "@lmos/resolver";
import type { Agent, Channel } from "@lmos/resources";
import fc from "fast-check";
import { expect, it } from "vitest";
import { wiredGroups } from "../routing/groups.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { agentOf, channelOf } from "../testing/objects.ts";
import { decideChannel } from "./decide.ts";
import { gatherChannel } from "./gather.ts";

const names = fc.constantFrom("bill", "pay", "news");
const versions = fc.constantFrom(
  "0.1.0",
  "1.0.0",
  "1.0.1",
  "1.2.0",
  "1.10.0",
  "2.0.0",
  "2.0.0-rc.1",
  "1.0.0+b",
);
/** Those that semver4j and npm read alike. */
const ranges = fc.constantFrom(
  "1.0.0",
  "^1.0.0",
  "~1.0",
  ">=1.0.0",
  ">=1.0.0 <2.0.0",
  "1.x",
  "*",
  "<1.0.0 || ^2.0.0",
);

const agents = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom("a", "b", "c", "a-1", "b.2", "z"),
    subset: fc.constantFrom(undefined, "stable", "canary"),
    tenants: fc.subarray(["acme", "globex", "Acme"]),
    channels: fc.subarray(["web", "ivr"]),
    // Which of two builds of one agent it takes is chance.
    capabilities: fc.uniqueArray(fc.tuple(names, versions), {
      selector: ([name, version]) => `${name}@${version.replace("+b", "")}`,
      maxLength: 4,
    }),
  }),
  { selector: ({ name }) => name, maxLength: 5 },
);
const channels = fc.record({
  subset: fc.constantFrom("stable", "stable", "canary"),
  requirements: fc.uniqueArray(
    fc.record({ name: names, version: ranges, strategy: fc.constantFrom("HIGHEST", "MOST_SIMILAR") }),
    { selector: (one) => JSON.stringify(one), minLength: 1, maxLength: 4 },
  ),
});
type Given = { readonly agents: readonly Agent[]; readonly channel: Channel };

const given: fc.Arbitrary<Given> = fc.record({
  agents: agents.map((all) =>
    all.map(({ name, subset, tenants, channels: supportedChannels, capabilities }): Agent => {
      const agent = agentOf(
        name,
        capabilities.map((one) => one.join("@")),
      );
      const labels = subset === undefined ? {} : { subset };
      const spec = { ...agent.spec, supportedTenants: tenants, supportedChannels };
      return { ...agent, metadata: { ...agent.metadata, labels }, spec };
    }),
  ),
  channel: channels.map(({ subset, requirements }): Channel => {
    const channel = channelOf("acme", []);
    const labels = { tenant: "acme", channel: "web", subset };
    const requiredCapabilities = requirements.map((one) => ({ id: "", ...one }) as const);
    return { ...channel, metadata: { ...channel.metadata, labels }, spec: { requiredCapabilities } };
  }),
});

/** What it would write, as texts, and whether all is provided. */
function asKotlin({ agents: all, channel }: Given): {
  readonly entries: readonly string[];
  readonly isWhole: boolean;
} {
  const labels = channel.metadata.labels ?? {};
  const serving = all
    .filter(({ metadata }) => (metadata.labels?.["subset"] ?? "stable") === (labels["subset"] ?? "stable"))
    .filter(({ spec }) => spec.supportedTenants.length === 0 || spec.supportedTenants.includes("acme"))
    .filter(({ spec }) => spec.supportedChannels.includes("web"))
    .toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
  const found = channel.spec.requiredCapabilities.map(({ name, version: range, strategy }) => {
    const sign = strategy === "MOST_SIMILAR" ? 1 : -1;
    const fitting = serving.flatMap((agent) =>
      agent.spec.providedCapabilities.flatMap((one) => {
        const version = parseVersion(one.version);
        if (one.name !== name || version === undefined || !parseRange(range)?.includes(version)) return [];
        return [{ version, text: `${agent.metadata.name}: ${name} ${one.version} for ${range}` }];
      }),
    );
    const [best] = fitting.toSorted((left, right) => sign * left.version.compare(right.version));
    return best?.text;
  });
  return {
    entries: [...new Set(found.filter((entry) => entry !== undefined))].toSorted(),
    isWhole: !found.includes(undefined),
  };
}

/** What we would write, as texts; undefined where nothing is activated. */
function entriesOf({ agents: all, channel }: Given): readonly string[] | undefined {
  const cluster = new FakeCluster();
  for (const agent of all) cluster.agents.put(agent);
  cluster.channels.put(channel);
  const input = gatherChannel(channel.metadata, cluster.stores, { nowMs: 0, mode: "off" });
  const decision = input && decideChannel(input);
  if (decision?.kind !== "activate") return undefined;
  return wiredGroups(decision.wires, all)
    .flatMap(({ name, capabilities }) =>
      capabilities.map((one) => `${name}: ${one.name} ${one.providedVersion} for ${one.requiredVersion}`),
    )
    .toSorted();
}

it("is the same wherever all is provided, and nothing by default where it is not", () => {
  fc.assert(
    fc.property(given, (objects) => {
      const { entries, isWhole } = asKotlin(objects);
      expect(entriesOf(objects)).toEqual(isWhole ? entries : undefined);
    }),
    { numRuns: 500 },
  );
});

it("is the same half where the Channel is content with that", () => {
  fc.assert(
    fc.property(given, ({ agents: all, channel }) => {
      const content = { ...channel, spec: { ...channel.spec, activationPolicy: "Partial" as const } };
      expect(entriesOf({ agents: all, channel: content })).toEqual(
        asKotlin({ agents: all, channel }).entries,
      );
    }),
    { numRuns: 500 },
  );
});

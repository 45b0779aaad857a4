/** Agents and channels in numbers, the same for the same numbers: no chance and no clock is involved. */
import type { Provider, Requirement, ResolutionRequest, Strategy } from "@lmos/resolver";

const tenants = ["acme", "globex", "initech", "umbrella"];
const ranges = ["^1.0.0", ">=1.2.0", "[1.0,2.0[", "1.x", ">=1.0.0 <3.0.0"];
const strategies: readonly Strategy[] = ["HIGHEST", "HIGHEST", "MOST_SIMILAR", "STICKY"];

/** What a run is about. */
export interface World {
  readonly providers: readonly Provider[];
  readonly requests: readonly ResolutionRequest[];
}

/** `agents` with 3 capabilities each, every name provided by 15 of them, and `channels` that require 3 to 5. */
export function createWorld({
  agents,
  channels,
}: {
  readonly agents: number;
  readonly channels: number;
}): World {
  const names = Math.max(5, Math.floor((agents * 3) / 15));
  return {
    providers: Array.from({ length: agents }, (_, at) => provider(at, names)),
    requests: Array.from({ length: channels }, (_, at) => request(at, names)),
  };
}

function provider(at: number, names: number): Provider {
  return {
    name: `agent-${at}`,
    description: "",
    host: `agent-${at}.default.svc.cluster.local`,
    subset: at % 10 === 9 ? "canary" : "stable",
    tenants: at % 4 === 3 ? [pick(tenants, at >> 2)] : [],
    channels: ["web", "ivr"],
    capabilities: [0, 1, 2].map((which) => ({
      id: "",
      name: `capability-${(at * 3 + which) % names}`,
      version: `1.${(at >> 3) % 6}.${at % 5}`,
      description: "",
      examples: [],
      attributes: { region: at % 2 === 0 ? "eu" : "us" },
    })),
  };
}

function request(at: number, names: number): ResolutionRequest {
  const requirements = Array.from({ length: 3 + (at % 3) }, (_, which): Requirement => {
    const name = `capability-${(at * 7 + which * 13) % names}`;
    return { id: "", name, range: pick(ranges, at + which), strategy: pick(strategies, at + which) };
  });
  return {
    channel: { tenant: pick(tenants, at), channel: at % 2 === 0 ? "web" : "ivr", subset: "stable" },
    requirements,
    current: requirements.map(({ name, range }) => ({ name, range, provider: `agent-${at}` })),
  };
}

function pick<T>(from: readonly [T, ...T[]] | readonly T[], at: number): T {
  const picked = from[at % from.length];
  if (picked === undefined) throw new TypeError("nothing to pick from");
  return picked;
}

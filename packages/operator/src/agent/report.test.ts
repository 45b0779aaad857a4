import { type Agent, type Condition, conditionOf } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { agentOf } from "../testing/objects.ts";
import { type AgentDecision, decideAgent } from "./decide.ts";
import { isReady, reportAgent } from "./report.ts";

const now = "2026-01-02T00:00:00Z";
const before = "2026-01-01T00:00:00Z";
const steady = { kind: "steady" } as const;
const flapping = { kind: "flapping", remainingMs: 1 } as const;
const workload = { kind: "Deployment", name: "billing" };

function report(
  decided: Partial<AgentDecision>,
  {
    agent = agentOf("billing", ["bill@1.0.0"]),
    steadiness = steady,
  }: Partial<Parameters<typeof reportAgent>[1]> = {},
) {
  const decision = decideAgent({
    agent,
    owner: { kind: "nobody", service: undefined, workload: undefined },
    granting: undefined,
  });
  return reportAgent({ ...decision, ...decided }, { agent, steadiness }, now);
}

function said(decided: Partial<AgentDecision>, type = "Ready"): string {
  const found = conditionOf(report(decided).conditions, type);
  return `${found?.status} ${found?.reason}: ${found?.message}`;
}

function agentThatSaid(type: string, status: Condition["status"]): Agent {
  const agent = agentOf("billing", ["bill@1.0.0"]);
  const conditions = [{ type, status, reason: "R", message: "", lastTransitionTime: before }];
  return { ...agent, status: { ...agent.status, conditions } };
}

describe("readiness in words", () => {
  it.each([
    {
      readiness: { kind: "available", workload },
      expected: "True DeploymentAvailable: the Deployment billing is available",
    },
    {
      readiness: { kind: "rollingOut", workload },
      expected: "True RolloutInProgress: the Deployment billing is partly available",
    },
    {
      readiness: { kind: "unavailable", workload, wanted: 2 },
      expected: "False DeploymentUnavailable: no replica of the Deployment billing is available",
    },
    {
      readiness: { kind: "unavailable", workload, wanted: 0 },
      expected: "False ScaledToZero: no replica of the Deployment billing is available",
    },
    {
      readiness: { kind: "unreachable", reason: "NoService", message: "no Service selects its pods" },
      expected: "False NoService: no Service selects its pods",
    },
    {
      readiness: { kind: "lost", workload: { kind: "StatefulSet", name: "ledger" } },
      expected: "False StatefulSetNotFound: there is no StatefulSet ledger labelled lmos-agent=true",
    },
    {
      readiness: { kind: "unmanaged", namesake: undefined },
      expected: "True Unmanaged: no workload announces this Agent, so its readiness is not watched",
    },
    {
      readiness: { kind: "unmanaged", namesake: workload },
      expected:
        "True Unmanaged: the Deployment billing does not own this Agent, so it is left as it is and its readiness is not watched",
    },
  ] as const)("$expected", ({ readiness, expected }) => {
    expect(said({ readiness })).toBe(expected);
    expect(isReady(readiness)).toBe(expected.startsWith("True"));
  });
});

describe("capabilities that can't be wired", () => {
  const capability = (name: string, version: string) =>
    ({ ...agentOf("x", [`${name}@${version}`]) }).spec.providedCapabilities;

  it("are named with what is wrong about them", () => {
    const decided = { invalid: capability("bill", "latest"), duplicates: capability("view", "1.0.0") };
    expect(said(decided, "VersionsValid")).toBe(
      "False InvalidVersion: not a semantic version such as 1.0.0: bill@latest; name and version given more than once: view@1.0.0",
    );
  });

  it("are named one and all where they are repeated only", () => {
    expect(said({ duplicates: capability("view", "1.0.0") }, "VersionsValid")).toMatch(
      /^False DuplicateCapability: name and version/,
    );
  });

  it("are ten at most, and more are hinted at", () => {
    const invalid = Array.from({ length: 11 }, (_, at) => capability(`c${at}`, "x")).flat();
    expect(said({ invalid }, "VersionsValid")).toMatch(/c9@x, …$/);
  });
});

describe("conditions that are there only where they say something", () => {
  it("are not there at first", () => {
    expect(report({}).conditions?.map(({ type }) => type)).toEqual(["VersionsValid", "Ready"]);
  });

  it("Flapping comes with an agent that flaps, which counts as not ready", () => {
    const { conditions } = report({}, { steadiness: flapping });
    expect(conditionOf(conditions, "Flapping")).toMatchObject({ status: "True", reason: "Flapping" });
    expect(conditionOf(conditions, "Ready")).toMatchObject({ status: "False", reason: "Flapping" });
  });

  it("Flapping stays, and says that it is over", () => {
    const { conditions } = report({}, { agent: agentThatSaid("Flapping", "True") });
    expect(conditionOf(conditions, "Flapping")).toMatchObject({ status: "False", reason: "Steady" });
  });

  it("NamesValid comes with a name that looks like another one, and stays", () => {
    const confusable = agentOf("x", ["b\u0456ll@1.0.0"]).spec.providedCapabilities;
    expect(said({ confusable }, "NamesValid")).toMatch(/^False ConfusableName: /);
    const { conditions } = report({}, { agent: agentThatSaid("NamesValid", "False") });
    expect(conditionOf(conditions, "NamesValid")).toMatchObject({ status: "True", reason: "AllPlain" });
  });

  it.each([
    { name: "nothing where grants do not count", ungranted: undefined, expected: undefined },
    { name: "that all is granted", ungranted: [], expected: "AllGranted" },
    {
      name: "that something is not",
      ungranted: [
        { capability: agentOf("x", ["bill@1.0.0"]).spec.providedCapabilities[0], tenants: undefined },
      ],
      expected: "NotGranted",
    },
  ])("Granted says $name", ({ ungranted, expected }) => {
    const claims = ungranted?.flatMap(({ capability, tenants }) =>
      capability === undefined ? [] : [{ capability, tenants }],
    );
    expect(conditionOf(report({ ungranted: claims }).conditions, "Granted")?.reason).toBe(expected);
  });
});

describe("the status", () => {
  it("keeps the time of a condition that stays what it was", () => {
    const { conditions } = report({}, { agent: agentThatSaid("Ready", "True") });
    expect(conditionOf(conditions, "Ready")?.lastTransitionTime).toBe(before);
    expect(conditionOf(conditions, "VersionsValid")?.lastTransitionTime).toBe(now);
  });

  it("names the generation that it was decided for, on each condition too", () => {
    const { observedGeneration, conditions } = report({});
    expect([observedGeneration, ...(conditions ?? []).map((one) => one.observedGeneration)]).toEqual([
      1, 1, 1,
    ]);
  });

  it.each([
    { name: "has a host where one is known", host: "billing.shop.svc.cluster.local" },
    { name: "has none where none is", host: undefined },
  ])("$name", ({ host }) => {
    expect(report({ host }).host).toBe(host);
    expect("host" in report({ host })).toBe(host !== undefined);
  });
});

import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agentKind } from "./agent.ts";
import { capabilityGrantKind } from "./capability-grant.ts";
import { channelKind } from "./channel.ts";
import { channelRoutingKind } from "./channel-routing.ts";
import { endpointSliceKind } from "./endpoint-slice.ts";
import { ResourceError } from "./errors.ts";
import { issuesText, readAs } from "./reading.ts";
import { serviceKind } from "./service.ts";
import { tenantKind } from "./tenant.ts";
import { deploymentKind, rolloutKind, statefulSetKind } from "./workload.ts";

/** What is said of a value that is none of the kind. */
function faultOf(kind: { parse(value: unknown): unknown }, value: object): string {
  try {
    kind.parse(value);
  } catch (error) {
    if (error instanceof ResourceError) return error.message;
    throw error;
  }
  return "none";
}

const metadata = { name: "a" };
const agent = { apiVersion: "lmos.eclipse/v1", kind: "Agent", metadata };
const channel = { apiVersion: "lmos.eclipse/v1", kind: "Channel", metadata };
const routing = { apiVersion: "lmos.eclipse/v1", kind: "ChannelRouting", metadata };
const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata };
const bill = { name: "bill", version: "1.0.0" };

describe("what is said of an object that can't be read", () => {
  it.each([
    {
      name: "another kind",
      kind: agentKind,
      value: { ...agent, kind: "Pod" },
      says: 'kind: expected "Agent"',
    },
    {
      name: "no metadata",
      kind: agentKind,
      value: { ...agent, metadata: undefined },
      says: "metadata: expected object, received undefined",
    },
    {
      name: "a spec that is a number",
      kind: channelKind,
      value: { ...channel, spec: 5 },
      says: "spec: expected object, received number",
    },
    {
      name: "a version that YAML read as a number",
      kind: agentKind,
      value: { ...agent, spec: { providedCapabilities: [bill, { ...bill, version: 1.5 }] } },
      says: "spec.providedCapabilities.1.version: expected string, received number",
    },
    {
      name: "a strategy that does not exist",
      kind: channelKind,
      value: { ...channel, spec: { requiredCapabilities: [{ ...bill, strategy: "NEWEST" }] } },
      says: 'spec.requiredCapabilities.0.strategy: Invalid option: expected one of "HIGHEST"',
    },
    {
      name: "an activation policy that does not exist",
      kind: channelKind,
      value: { ...channel, spec: { activationPolicy: "Maybe" } },
      says: 'spec.activationPolicy: Invalid option: expected one of "KeepLastGood"',
    },
    {
      name: "a revision with a fraction",
      kind: channelKind,
      value: { ...channel, spec: { pinnedRevision: 1.5 } },
      says: "spec.pinnedRevision: expected int",
    },
    {
      name: "a filter that is too long",
      kind: channelKind,
      value: { ...channel, spec: { requiredCapabilities: [{ ...bill, filter: "x".repeat(1025) }] } },
      says: "spec.requiredCapabilities.0.filter: Too big",
    },
    {
      name: "a label that is a number",
      kind: channelKind,
      value: { ...channel, metadata: { ...metadata, labels: { tenant: 7 } } },
      says: "metadata.labels.tenant: expected string, received number",
    },
    {
      name: "a group without a name",
      kind: channelRoutingKind,
      value: { ...routing, spec: { capabilityGroups: [{ id: "a" }] } },
      says: "spec.capabilityGroups.0.name: expected string, received undefined",
    },
    {
      name: "a quota in words",
      kind: tenantKind,
      value: {
        apiVersion: "lmos.eclipse/v1alpha1",
        kind: "Tenant",
        metadata,
        spec: { quota: { agents: "many" } },
      },
      says: "spec.quota.agents: expected number, received string",
    },
    {
      name: "tenants that are one text",
      kind: capabilityGrantKind,
      value: {
        apiVersion: "lmos.eclipse/v1alpha1",
        kind: "CapabilityGrant",
        metadata,
        spec: { tenants: "acme" },
      },
      says: "spec.tenants: expected array, received string",
    },
    {
      name: "a Service without a spec",
      kind: serviceKind,
      value: { apiVersion: "v1", kind: "Service", metadata },
      says: "spec: expected object, received undefined",
    },
    {
      name: "a Deployment without a template",
      kind: deploymentKind,
      value: { ...deployment, spec: { selector: {} } },
      says: "spec.template: expected object, received undefined",
    },
    {
      name: "a StatefulSet with replicas in words",
      kind: statefulSetKind,
      value: { ...deployment, kind: "StatefulSet", spec: { selector: {}, template: {}, replicas: "two" } },
      says: "spec.replicas: expected number, received string",
    },
    {
      name: "a Rollout whose strategy is a text",
      kind: rolloutKind,
      value: { ...deployment, kind: "Rollout", spec: { strategy: "canary" } },
      says: "spec.strategy: expected object, received string",
    },
    {
      name: "an EndpointSlice without endpoints",
      kind: endpointSliceKind,
      value: { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", metadata, endpoints: 3 },
      says: "endpoints: expected array, received number",
    },
  ])("names the field: $name", ({ kind, value, says }) => {
    const fault = faultOf(kind, value);
    expect(fault).toContain(says);
    expect(fault).not.toContain("\n");
  });

  it.each([
    { name: "a number", version: 1.5, found: "1.5" },
    { name: "a truth", version: true, found: "true" },
    { name: "a text that is too long, cut", version: "x".repeat(257), found: `"${"x".repeat(59)}…` },
    {
      name: "a text with a line's end, in one line",
      version: `\n${"x".repeat(257)}`,
      found: `"\\n${"x".repeat(57)}…`,
    },
    { name: "a list, which would not fit", version: ["1.0.0"], found: undefined },
    { name: "nothing", version: undefined, found: undefined },
  ])("says what it found: $name", ({ version, found }) => {
    const fault = faultOf(agentKind, { ...agent, spec: { providedCapabilities: [{ ...bill, version }] } });
    expect(fault).toMatch(/^spec\.providedCapabilities\.0\.version: /);
    expect(/ \(found (.*)\)$/.exec(fault)?.[1]).toBe(found);
  });

  it.each([
    { strategy: "NEWEST", found: '(found "NEWEST")' },
    { strategy: "", found: '(found "")' },
  ])("names the choices beside the value $strategy", ({ strategy, found }) => {
    const spec = { requiredCapabilities: [{ ...bill, strategy }] };
    expect(faultOf(channelKind, { ...channel, spec })).toBe(
      `spec.requiredCapabilities.0.strategy: Invalid option: expected one of "HIGHEST"|"MOST_SIMILAR"|"LOWEST"|"STICKY" ${found}`,
    );
  });

  it("is cut after the third fault, and says how many more there are", () => {
    const capabilities = Array.from({ length: 5 }, () => ({ name: "bill" }));
    const fault = faultOf(agentKind, { ...agent, spec: { providedCapabilities: capabilities } });
    expect(fault.split("; ")).toEqual([
      "spec.providedCapabilities.0.version: expected string, received undefined",
      "spec.providedCapabilities.1.version: expected string, received undefined",
      "spec.providedCapabilities.2.version: expected string, received undefined",
      "2 more faults",
    ]);
  });

  it.each([
    { name: "of one more", count: 4, says: "1 more fault" },
    { name: "of none more", count: 3, says: undefined },
  ])("counts in words that fit: $name", ({ count, says }) => {
    const issues = Array.from({ length: count }, (_, at) => {
      return { code: "custom" as const, path: [at], message: "wrong", input: undefined };
    });
    expect(issuesText({ issues }).split("; ")[3]).toBe(says);
  });

  it.each([undefined, null, 5, "text", []])("calls what has no field at all the object: %j", (value) => {
    expect(() => readAs(z.object({}), value)).toThrow(/^the object: expected object, received /);
  });

  it("has a code that callers can switch on", () => {
    expect(() => agentKind.parse(5)).toThrow(expect.objectContaining({ code: "InvalidObject" }));
  });
});

describe("what other controllers write", () => {
  it("is read without what we don't know", () => {
    const read = deploymentKind.parse({
      ...deployment,
      spec: {
        selector: { matchLabels: { app: "a" }, matchExpressions: [] },
        template: { metadata: { creationTimestamp: null, labels: { app: "a" } }, spec: { containers: [] } },
        strategy: { type: "RollingUpdate" },
      },
      status: { observedGeneration: 1, conditions: [] },
    });
    expect(read.spec).toEqual({
      replicas: 1,
      selector: { matchLabels: { app: "a" } },
      template: { metadata: { labels: { app: "a" }, annotations: {} }, spec: { containers: [] } },
    });
    expect(read.status).toEqual({
      observedGeneration: 1,
      replicas: 0,
      updatedReplicas: 0,
      readyReplicas: 0,
      availableReplicas: 0,
    });
  });

  it.each([
    { name: "as text", observedGeneration: "3", expected: "3" },
    { name: "as a number", observedGeneration: 3, expected: "3" },
    { name: "as the hash of old versions", observedGeneration: "6f7c", expected: "6f7c" },
  ])("is read of Argo: the generation $name", ({ observedGeneration, expected }) => {
    const rollout = { ...deployment, kind: "Rollout", spec: {}, status: { observedGeneration } };
    expect(rolloutKind.parse(rollout).status?.observedGeneration).toBe(expected);
  });

  it("is read of a Rollout that takes its pods from a Deployment", () => {
    const rollout = { ...deployment, kind: "Rollout", spec: { workloadRef: { name: "a" }, replicas: 2 } };
    expect(rolloutKind.parse(rollout).spec).toEqual({
      replicas: 2,
      selector: { matchLabels: {} },
      template: { metadata: { labels: {}, annotations: {} }, spec: { containers: [] } },
    });
  });

  it.each([
    { name: "nothing", ports: undefined, expected: [] },
    { name: "a name and a target", ports: [{ name: "http", port: 80, targetPort: "web" }] },
    { name: "a protocol of the application", ports: [{ port: 443, appProtocol: "https" }] },
  ])("is read of a Service's ports: $name", ({ ports, expected }) => {
    const service = { apiVersion: "v1", kind: "Service", metadata, spec: { ports } };
    expect(serviceKind.parse(service).spec.ports).toEqual(expected ?? ports);
  });
});

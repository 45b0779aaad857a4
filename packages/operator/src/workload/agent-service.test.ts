import { expect, it } from "vitest";
import { deploymentOf, rolloutOf, serviceOf } from "../testing/objects.ts";
import { agentPortOf, findAgentService, leadsToPods } from "./agent-service.ts";

it.each([
  { name: "the first port", ports: [{ port: 1 }, { port: 2 }], expected: { port: 1, scheme: "http" } },
  {
    name: "8080 where no port says what it speaks",
    ports: [
      { port: 9090, name: "metrics" },
      { port: 8080, name: "api" },
    ],
    expected: { port: 8080, scheme: "http" },
  },
  {
    name: "the port named http",
    ports: [
      { port: 1, name: "grpc" },
      { port: 2, name: "http" },
    ],
    expected: { port: 2, scheme: "http" },
  },
  {
    name: "appProtocol before the name",
    ports: [
      { port: 1, name: "http" },
      { port: 2, name: "web", appProtocol: "http" },
    ],
    expected: { port: 2, scheme: "http" },
  },
  {
    name: "https by appProtocol",
    ports: [{ port: 1 }, { port: 2, appProtocol: "https" }],
    expected: { port: 2, scheme: "https" },
  },
  {
    name: "https at port 443, where nothing says otherwise",
    ports: [{ port: 443 }],
    expected: { port: 443, scheme: "https" },
  },
  {
    name: "http at port 443, where that is said",
    ports: [{ port: 443, name: "http" }],
    expected: { port: 443, scheme: "http" },
  },
  {
    name: "protocols in any case",
    ports: [{ port: 1 }, { port: 2, appProtocol: "HTTPS" }],
    expected: { port: 2, scheme: "https" },
  },
  { name: "https by name", ports: [{ port: 1, name: "https" }], expected: { port: 1, scheme: "https" } },
  {
    name: "http by appProtocol whatever the name",
    ports: [{ port: 1, name: "https", appProtocol: "http" }],
    expected: { port: 1, scheme: "http" },
  },
])("takes $name", ({ ports, expected }) => {
  expect(agentPortOf(serviceOf("billing", { ports }))).toEqual(expected);
});

it("names both of two Services", () => {
  const finding = findAgentService(deploymentOf("billing"), [serviceOf("a"), serviceOf("b")]);
  expect(finding).toEqual({
    kind: "missing",
    reason: "SeveralServices",
    message: "the Services a and b both select the pods of the Deployment billing",
  });
});

const named = (name: string, spec: object = {}) => ({
  ...serviceOf("billing", spec),
  metadata: { name, namespace: "default" },
});

it.each([
  { name: "the stable Service of a canary", strategy: { canary: { stableService: "stable" } } },
  {
    name: "the active Service of a blue-green release",
    strategy: { blueGreen: { activeService: "stable" } },
  },
])("takes $name, whatever else selects the pods", ({ strategy }) => {
  const rollout = rolloutOf("billing");
  const finding = findAgentService({ ...rollout, spec: { ...rollout.spec, strategy } }, [
    named("canary"),
    named("stable"),
  ]);
  expect(finding).toMatchObject({ kind: "found", found: { service: { metadata: { name: "stable" } } } });
});

it("says that a Rollout's Service does not select its pods", () => {
  const rollout = rolloutOf("billing");
  const spec = { ...rollout.spec, strategy: { canary: { stableService: "stable" } } };
  expect(findAgentService({ ...rollout, spec }, [named("canary")])).toMatchObject({
    reason: "NoService",
    message: "the Service stable does not select the pods of the Rollout billing",
  });
});

it.each([
  { name: "selects pods", spec: {}, expected: true },
  { name: "is an alias of another name", spec: { type: "ExternalName" }, expected: false },
  { name: "has endpoints that somebody wrote", spec: { selector: {} }, expected: false },
])("a Service that $name", ({ spec, expected }) => {
  expect(leadsToPods(serviceOf("billing", spec))).toBe(expected);
});

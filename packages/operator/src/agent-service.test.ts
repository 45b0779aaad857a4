import { expect, it } from "vitest";
import { agentPortOf, findAgentService } from "./agent-service.ts";
import { deploymentOf, serviceOf } from "./testing/objects.ts";

it.each([
  { name: "the first port", ports: [{ port: 1 }, { port: 2 }], expected: { port: 1, scheme: "http" } },
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

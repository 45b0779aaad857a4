import { expect, it } from "vitest";
import { agentOf } from "../testing/objects.ts";
import { providerOf } from "./requirements.ts";

it.each([
  { name: "its Service", host: "billing.default.svc.cluster.local", isProvider: true },
  { name: "its Service at another port", host: "billing.default.svc.cluster.local:80", isProvider: true },
  { name: "nothing that is known", host: undefined, isProvider: false },
  { name: "another machine", host: "metadata.internal:80", isProvider: false },
  { name: "an address", host: "169.254.169.254", isProvider: false },
  { name: "a Service of another namespace", host: "vault.security.svc.cluster.local", isProvider: false },
  {
    name: "a host that only begins like a Service",
    host: "a.default.svc.cluster.local.evil.test",
    isProvider: false,
  },
  { name: "a path", host: "billing.default.svc.cluster.local/..", isProvider: false },
])("S5 an Agent whose status leads to $name", ({ host, isProvider }) => {
  const agent = agentOf("billing", ["bill@1.0.0"], { status: { host } });
  expect(providerOf(agent) !== undefined).toBe(isProvider);
});

it("passes on what it provides, requires and to whom", () => {
  const agent = agentOf("billing", ["bill@1.0.0"]);
  const requiredCapabilities = [{ id: "", name: "ledger", version: "^2.0.0", strategy: "HIGHEST" as const }];
  const spec = { ...agent.spec, supportedTenants: ["acme"], requiredCapabilities };
  const metadata = { ...agent.metadata, labels: { subset: "canary" } };
  expect(providerOf({ ...agent, spec, metadata })).toMatchObject({
    name: "billing",
    subset: "canary",
    tenants: ["acme"],
    channels: ["web"],
    capabilities: [{ name: "bill", version: "1.0.0" }],
    requirements: [{ name: "ledger", range: "^2.0.0" }],
  });
});

import { formatLocalEndpoints, localEndpointsAnnotation, type Service, serviceKind } from "@lmos/resources";
import { describe, expect, test } from "vitest";
import { createLocalEndpoints, serviceNameEndpoints } from "./endpoints.ts";

describe("in a cluster", () => {
  test.each([
    {
      name: "a name",
      host: "a.default.svc.cluster.local",
      url: "ws://a.default.svc.cluster.local:8080/subscriptions",
    },
    { name: "a name with a port", host: "a.default:9000", url: "ws://a.default:9000/subscriptions" },
    { name: "an address", host: "127.0.0.1:9901", url: "ws://127.0.0.1:9901/subscriptions" },
    { name: "an IPv6 address", host: "[::1]:9901", url: "ws://[::1]:9901/subscriptions" },
  ])("$name is where the agent is", ({ host, url }) => {
    expect(serviceNameEndpoints.urlsOf(host)).toEqual([url]);
  });

  test.each([
    { name: "a path", host: "localhost:8080/summary-agent" },
    { name: "a scheme", host: "http://a" },
    { name: "credentials", host: "user@a:80" },
    { name: "a query", host: "a?b" },
    { name: "a blank", host: "a b" },
    { name: "another scheme", host: "http://a" },
    { name: "a line break", host: "a\r\nb" },
    { name: "a port that there is not", host: "a:99999" },
    { name: "nothing", host: "" },
  ])("a host with $name is no address", ({ host }) => {
    expect(serviceNameEndpoints.urlsOf(host)).toEqual([]);
  });
});

test.each([
  { host: "wss://a.example:8443", url: "wss://a.example:8443/subscriptions" },
  { host: "wss://a.example", url: "wss://a.example:443/subscriptions" },
  { host: "ws://a", url: "ws://a:8080/subscriptions" },
])("a host may say how it is spoken to: $host", ({ host, url }) => {
  expect(serviceNameEndpoints.urlsOf(host)).toEqual([url]);
});

function serviceWith(annotation: string | undefined): Service {
  return serviceKind.parse({
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "a",
      namespace: "default",
      annotations: annotation === undefined ? {} : { [localEndpointsAnnotation]: annotation },
    },
    spec: {},
  });
}

describe("on a laptop", () => {
  const endpoints = formatLocalEndpoints([
    { address: "127.0.0.1", port: 8080, targetPort: 41_001 },
    { address: "127.0.0.1", port: 8080, targetPort: 41_002 },
    { address: "127.0.0.1", port: 9090, targetPort: 41_003 },
  ]);
  const service = serviceWith(endpoints);
  const local = createLocalEndpoints({
    get: ({ namespace, name }) => (namespace === "default" && name === "a" ? service : undefined),
  });

  test("a Service is the processes behind its port", () => {
    expect(local.urlsOf("a.default.svc.cluster.local")).toEqual([
      "ws://127.0.0.1:41001/subscriptions",
      "ws://127.0.0.1:41002/subscriptions",
    ]);
    expect(local.urlsOf("a.default.svc.cluster.local:9090")).toEqual(["ws://127.0.0.1:41003/subscriptions"]);
  });

  test("an unknown Service, or one without processes, is nowhere", () => {
    expect(local.urlsOf("b.default.svc.cluster.local")).toEqual([]);
    const empty = createLocalEndpoints({ get: () => serviceWith(undefined) });
    expect(empty.urlsOf("a.default.svc.cluster.local")).toEqual([]);
  });

  test("any other host is taken as it is", () => {
    expect(local.urlsOf("127.0.0.1:9901")).toEqual(["ws://127.0.0.1:9901/subscriptions"]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  defaultAgentPort,
  formatLocalEndpoints,
  localEndpointsAnnotation,
  localEndpointsOf,
  parseServiceHost,
  serviceHost,
} from "./service-host.ts";

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
const port = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 65_535 }));

describe("the host of a Service", () => {
  it("is read back as what it was written from", () => {
    fc.assert(
      fc.property(label, label, port, (service, namespace, number) => {
        const address = { service, namespace, port: number };
        expect(parseServiceHost(serviceHost(address))).toEqual(address);
      }),
    );
  });

  it("names the port where it is not the usual one", () => {
    expect(serviceHost({ service: "a", namespace: "b", port: defaultAgentPort })).toBe(
      "a.b.svc.cluster.local",
    );
    expect(serviceHost({ service: "a", namespace: "b", port: 80 })).toBe("a.b.svc.cluster.local:80");
  });

  it.each([
    { name: "an empty text", host: "" },
    { name: "an address", host: "10.0.0.1" },
    { name: "a loopback address with a port", host: "127.0.0.1:8080" },
    { name: "a name of the internet", host: "evil.example" },
    { name: "a name that only ends like one", host: "evil.example/a.b.svc.cluster.local" },
    { name: "a scheme before it", host: "http://a.b.svc.cluster.local" },
    { name: "user information before it", host: "me@a.b.svc.cluster.local" },
    { name: "a path behind it", host: "a.b.svc.cluster.local/x" },
    { name: "a second port", host: "a.b.svc.cluster.local:80:81" },
    { name: "a port in words", host: "a.b.svc.cluster.local:http" },
    { name: "a port that is too long", host: "a.b.svc.cluster.local:123456" },
    { name: "a port that is too high", host: "a.b.svc.cluster.local:65536" },
    { name: "a port of zero", host: "a.b.svc.cluster.local:0" },
    { name: "capitals", host: "A.b.svc.cluster.local" },
    { name: "another domain", host: "a.b.svc.cluster.remote" },
    { name: "a line's end", host: "a.b.svc.cluster.local\n" },
    { name: "a namespace alone", host: "b.svc.cluster.local" },
  ])("is not $name", ({ host }) => {
    expect(parseServiceHost(host)).toBeUndefined();
  });

  it("has the namespace before the suffix, however many dots stand in the name", () => {
    expect(parseServiceHost("a.b.c.shop.svc.cluster.local")).toEqual({
      service: "a.b.c",
      namespace: "shop",
      port: 8080,
    });
  });
});

describe("the endpoints of a laptop", () => {
  const endpointsIn = (text: string | undefined) =>
    localEndpointsOf({
      metadata: {
        name: "a",
        ...(text === undefined ? {} : { annotations: { [localEndpointsAnnotation]: text } }),
      },
    });

  it("are read back as they were written, in one order", () => {
    const endpoint = fc.record({
      address: fc.constantFrom("127.0.0.1", "::1", "127.0.0.2"),
      port,
      targetPort: port,
    });
    fc.assert(
      fc.property(fc.uniqueArray(endpoint, { maxLength: 8, selector: JSON.stringify }), (endpoints) => {
        const text = formatLocalEndpoints(endpoints);
        expect(formatLocalEndpoints(endpoints.toReversed())).toBe(text);
        expect(new Set(endpointsIn(text))).toEqual(new Set(endpoints));
      }),
    );
  });

  it.each([
    { name: "no annotation", text: undefined },
    { name: "an empty one", text: "" },
    { name: "no JSON", text: "127.0.0.1:8080" },
    { name: "no list", text: '{"address":"127.0.0.1"}' },
    { name: "a port that is too high", text: '[{"address":"127.0.0.1","port":80,"targetPort":70000}]' },
    { name: "a port of 0", text: '[{"address":"127.0.0.1","port":0,"targetPort":1}]' },
    { name: "an address without end", text: `[{"address":"${"1".repeat(65)}","port":1,"targetPort":1}]` },
    {
      name: "more than a thousand",
      text: JSON.stringify(
        Array.from({ length: 1001 }, () => ({ address: "127.0.0.1", port: 1, targetPort: 1 })),
      ),
    },
  ])("are none for $name", ({ text }) => {
    expect(endpointsIn(text)).toEqual([]);
  });
});

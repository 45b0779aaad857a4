import { describe, expect, it } from "vitest";
import { endpointSliceKind, keyOfSlice, serviceOfSlice } from "./endpoint-slice.ts";

const slice = (more: object, metadata: object = {}) =>
  endpointSliceKind.parse({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "billing-x7k2p", namespace: "shop", ...metadata },
    addressType: "IPv4",
    ...more,
  });

describe("an EndpointSlice", () => {
  it.each([
    { name: "without lists, as a Service without pods has it", more: {} },
    { name: "with null in place of lists, as Go writes it", more: { endpoints: null, ports: null } },
  ])("is read as empty $name", ({ more }) => {
    expect(slice(more)).toMatchObject({ endpoints: [], ports: [] });
  });

  it.each([
    { name: "no conditions", conditions: undefined },
    { name: "null", conditions: null },
    { name: "conditions that nobody knows yet", conditions: { ready: null, serving: null } },
    { name: "a pod that ends", conditions: { ready: false, serving: true, terminating: true } },
  ])("keeps what is said of a pod: $name", ({ conditions }) => {
    const { endpoints } = slice({ endpoints: [{ addresses: ["10.0.0.1"], conditions, zone: "a" }] });
    expect(endpoints).toEqual([
      { addresses: ["10.0.0.1"], ...(conditions === undefined ? {} : { conditions }) },
    ]);
  });

  it("may have ports without a number, which means all of them", () => {
    expect(slice({ ports: [{ name: "", port: null, protocol: "TCP" }] }).ports).toEqual([
      { name: "", port: null },
    ]);
  });

  it.each([
    { name: "an endpoint without addresses", more: { endpoints: [{}] }, says: "endpoints.0.addresses" },
    { name: "a port in words", more: { ports: [{ port: "http" }] }, says: "ports.0.port" },
    { name: "no type of addresses", more: { addressType: undefined }, says: "addressType" },
  ])("is refused with the field: $name", ({ more, says }) => {
    expect(() => slice(more)).toThrow(`${says}: `);
  });
});

describe("the Service of a slice", () => {
  it.each([
    {
      name: "the one that its label names",
      metadata: { labels: { "kubernetes.io/service-name": "billing" } },
      expected: "shop/billing",
    },
    { name: "nobody's without that label", metadata: { labels: { app: "billing" } }, expected: undefined },
    { name: "nobody's without labels", metadata: {}, expected: undefined },
  ])("is $name", ({ metadata, expected }) => {
    expect(serviceOfSlice(slice({}, metadata))).toBe(expected);
  });

  it("is found by the key of the Service", () => {
    const labels = { "kubernetes.io/service-name": "billing" };
    expect(serviceOfSlice(slice({}, { labels }))).toBe(keyOfSlice({ namespace: "shop", service: "billing" }));
  });
});

import { createObjectStore } from "@lmos/kube";
import { type EndpointSlice, endpointSliceKind, keyOfSlice, serviceOfSlice } from "@lmos/resources";
import { beforeEach, describe, expect, test } from "vitest";
import { createSliceEndpoints, sliceIndex } from "./slice-endpoints.ts";

type Pod = readonly [address: string, conditions?: object | null];

function sliceOf(
  pods: readonly Pod[],
  overrides: { readonly name?: string; readonly ports?: unknown; readonly addressType?: string } = {},
): EndpointSlice {
  return endpointSliceKind.parse({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: overrides.name ?? "orders-1",
      namespace: "shop",
      labels: { "kubernetes.io/service-name": "orders" },
    },
    addressType: overrides.addressType ?? "IPv4",
    endpoints: pods.map(([address, conditions]) => ({ addresses: [address], conditions })),
    ports: "ports" in overrides ? overrides.ports : [{ name: "http", port: 9000 }],
  });
}

const host = "orders.shop.svc.cluster.local";
const byName = [`ws://${host}:8080/subscriptions`];
let slices: ReturnType<typeof createObjectStore<EndpointSlice>>;
let urls: (host: string) => readonly string[];

beforeEach(() => {
  slices = createObjectStore<EndpointSlice>({
    indexes: { [sliceIndex]: (slice) => [serviceOfSlice(slice) ?? ""] },
  });
  urls = (name) => createSliceEndpoints(slices).urlsOf(name);
});

const url = (hostAndPort: string): string => `ws://${hostAndPort}/subscriptions`;

describe("turns go to", () => {
  const rows: readonly {
    readonly name: string;
    readonly pods: readonly Pod[];
    readonly to: readonly string[];
  }[] = [
    {
      name: "ready pods only",
      pods: [
        ["10.0.0.1", { ready: true }],
        ["10.0.0.2", { ready: false }],
      ],
      to: [url("10.0.0.1:9000")],
    },
    {
      name: "pods that say nothing, which means ready",
      pods: [["10.0.0.1"], ["10.0.0.2", {}], ["10.0.0.3", null]],
      to: [url("10.0.0.1:9000"), url("10.0.0.2:9000"), url("10.0.0.3:9000")],
    },
    {
      name: "pods that end but still serve, when none is ready",
      pods: [
        ["10.0.0.1", { ready: false, serving: true, terminating: true }],
        ["10.0.0.2", { ready: false, serving: false }],
      ],
      to: [url("10.0.0.1:9000")],
    },
    { name: "nobody, when none serves", pods: [["10.0.0.1", { ready: false }]], to: [] },
    { name: "nobody, when there is no pod", pods: [], to: [] },
    { name: "each pod once", pods: [["10.0.0.1"], ["10.0.0.1"]], to: [url("10.0.0.1:9000")] },
  ];
  test.each(rows)("$name", ({ pods, to }) => {
    slices.put(sliceOf(pods));
    expect(urls(host)).toEqual(to);
  });

  test("pods of all slices of the Service", () => {
    slices.put(sliceOf([["10.0.0.1"]]));
    slices.put(sliceOf([["fd00::1"]], { name: "orders-2", addressType: "IPv6" }));
    expect(urls(host)).toEqual([url("10.0.0.1:9000"), url("[fd00::1]:9000")]);
  });

  test("a changed set of pods at once", () => {
    slices.put(sliceOf([["10.0.0.1"]]));
    slices.put(sliceOf([["10.0.0.9"]]));
    expect(urls(host)).toEqual([url("10.0.0.9:9000")]);
  });
});

describe("of several ports", () => {
  const ports = [
    { name: "metrics", port: 9090 },
    { name: "http", port: 8088 },
    { name: "admin", port: 8181 },
  ];
  test.each([
    { name: "the one of the host's number", asked: `${host}:8181`, to: url("10.0.0.1:8181") },
    { name: "the one for HTTP, where none has it", asked: host, to: url("10.0.0.1:8088") },
  ])("$name is taken", ({ asked, to }) => {
    slices.put(sliceOf([["10.0.0.1"]], { ports }));
    expect(urls(asked)).toEqual([to]);
  });

  test.each([
    { ports: [] },
    { ports: null },
    {
      ports: [
        { name: "a", port: 1 },
        { name: "b", port: 2 },
      ],
    },
  ])("$ports is nobody's", ({ ports: none }) => {
    slices.put(sliceOf([["10.0.0.1"]], { ports: none }));
    expect(urls(host)).toEqual([]);
  });
});

test("a Service without slices, and a host that is no Service, are reached by name", () => {
  expect(urls(host)).toEqual(byName);
  slices.put(sliceOf([["10.0.0.1"]]));
  expect(urls("agent.example:9000")).toEqual([url("agent.example:9000")]);
  expect(urls("other.shop.svc.cluster.local")).toEqual([
    "ws://other.shop.svc.cluster.local:8080/subscriptions",
  ]);
});

test("names of FQDN slices are no addresses", () => {
  slices.put(sliceOf([["orders.example"]], { addressType: "FQDN" }));
  expect(urls(host)).toEqual([]);
});

test("a slice is its Service's by namespace and label", () => {
  expect(serviceOfSlice(sliceOf([]))).toBe(keyOfSlice({ namespace: "shop", service: "orders" }));
  const unlabelled = { ...sliceOf([]), metadata: { name: "x", namespace: "shop" } };
  expect(serviceOfSlice(unlabelled)).toBeUndefined();
});

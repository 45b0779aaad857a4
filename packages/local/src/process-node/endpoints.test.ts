import { type Service, serviceKind } from "@lmos/resources";
import { expect, test } from "vitest";
import { aLaunch, aProcess, notReady, stopping } from "../testing/processes.ts";
import { endpointsOf } from "./endpoints.ts";

function aService(
  ports: readonly object[],
  more: { readonly namespace?: string; readonly selector?: object } = {},
): Service {
  const { namespace = "default", selector = { app: "hello" } } = more;
  return serviceKind.parse({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "hello", namespace },
    spec: { selector, ports },
  });
}

const port80 = [{ port: 80 }];
const main = { ...aLaunch, containerPort: { name: "http", containerPort: 8080 } };

test.each([
  { name: "a ready process", service: aService(port80), processes: [aProcess()], expected: ["80>4000"] },
  {
    name: "each ready process",
    service: aService(port80),
    processes: [aProcess(), aProcess({ replica: 1 })],
    expected: ["80>4000", "80>4001"],
  },
  {
    name: "none that is not ready",
    service: aService(port80),
    processes: [aProcess({ state: notReady })],
    expected: [],
  },
  {
    name: "none that is stopping",
    service: aService(port80),
    processes: [aProcess({ state: stopping })],
    expected: [],
  },
  {
    name: "none in another namespace",
    service: aService(port80, { namespace: "other" }),
    processes: [aProcess()],
    expected: [],
  },
  {
    name: "none that it does not select",
    service: aService(port80, { selector: { app: "x" } }),
    processes: [aProcess()],
    expected: [],
  },
  {
    name: "none without a selector",
    service: aService(port80, { selector: {} }),
    processes: [aProcess()],
    expected: [],
  },
  {
    name: "its only port, wherever that leads",
    service: aService([{ port: 80, targetPort: 9999 }]),
    processes: [aProcess({ launch: main })],
    expected: ["80>4000"],
  },
  {
    name: "the ports that lead to the first container port, by number or name",
    service: aService([
      { port: 80, targetPort: "http" },
      { port: 81, targetPort: 8080 },
      { port: 9090 },
      { port: 8080 },
    ]),
    processes: [aProcess({ launch: main })],
    expected: ["80>4000", "81>4000", "8080>4000"],
  },
  {
    name: "all ports where the template declares none",
    service: aService([{ port: 80 }, { port: 9090 }]),
    processes: [aProcess()],
    expected: ["80>4000", "9090>4000"],
  },
])("a Service has $name", ({ service, processes, expected }) => {
  const endpoints = endpointsOf(service, processes);
  expect(endpoints.map(({ port, targetPort }) => `${port}>${targetPort}`)).toEqual(expected);
  expect(endpoints.every(({ address }) => address === "127.0.0.1")).toBe(true);
});

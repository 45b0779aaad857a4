import { deploymentKind, selects, serviceKind } from "@lmos/resources";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCommandLine } from "./command-line.ts";
import { systemObjects } from "./system-objects.ts";

const [namespace, operator, operatorService, runtime, runtimeService] = systemObjects({
  operatorCommand: ["/opt/my node/bin/node", "lmos", "operator", "--port", "$(PORT)"],
  runtimeCommand: ["node", "it's", "runtime"],
  runtimePort: 8081,
});

test("begins with the namespace", () => {
  expect(namespace).toEqual({ apiVersion: "v1", kind: "Namespace", metadata: { name: "lmos-system" } });
});

test("writes commands that are read back word by word", () => {
  const commands = [operator, runtime].map((object) => {
    const { annotations } = deploymentKind.parse(object).spec.template.metadata;
    return parseCommandLine(annotations["lmos.dev/command"] ?? "");
  });
  expect(commands).toEqual([
    { kind: "parsed", argv: ["/opt/my node/bin/node", "lmos", "operator", "--port", "$(PORT)"] },
    { kind: "parsed", argv: ["node", "it's", "runtime"] },
  ]);
});

test("writes any words so that they are read back", () => {
  const word = fc
    .array(fc.constantFrom("a", " ", "'", '"', "\\", "$", "`", "\n", "\t", ";", "|", "ü", "(", "*", "~"), {
      maxLength: 6,
    })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 5 }), (words) => {
      const command = ["node", ...words];
      const [, deployment] = systemObjects({ operatorCommand: command, runtimeCommand: ["node"] });
      const { annotations } = deploymentKind.parse(deployment).spec.template.metadata;
      expect(parseCommandLine(annotations["lmos.dev/command"] ?? "")).toEqual({
        kind: "parsed",
        argv: command,
      });
    }),
  );
});

test("probes another path where it is told to", () => {
  const [, deployment] = systemObjects({
    operatorCommand: ["a"],
    runtimeCommand: ["b"],
    readinessPath: "/up",
  });
  const [container] = deploymentKind.parse(deployment).spec.template.spec.containers;
  expect(container?.readinessProbe?.httpGet?.path).toBe("/up");
});

test("wishes for a port only where one is given", () => {
  const ports = [operator, runtime].map(
    (object) => deploymentKind.parse(object).spec.template.metadata.annotations["lmos.dev/port"],
  );
  expect(ports).toEqual([undefined, "8081"]);
});

test.each([
  { name: "operator", pair: [operator, operatorService], port: 8080 },
  { name: "runtime", pair: [runtime, runtimeService], port: 8081 },
])("gives the $name a Service on its usual port that selects its process", ({ pair, port }) => {
  const deployment = deploymentKind.parse(pair[0]);
  const service = serviceKind.parse(pair[1]);
  expect(selects(service.spec.selector, deployment.spec.template.metadata.labels)).toBe(true);
  expect(service.spec.ports[0]).toMatchObject({ port, targetPort: "http" });
  expect(deployment.spec.template.spec.containers[0]).toMatchObject({
    ports: [{ name: "http", containerPort: port }],
    readinessProbe: { httpGet: { path: "/readyz", port: "http" } },
  });
});

import { describe, expect, test } from "vitest";
import { failureFormat, parseAccept } from "./accept.ts";

const protobuf = "application/vnd.kubernetes.protobuf";

describe("the Accept header", () => {
  test.each([
    [undefined, { format: "json", as: "object" }],
    ["*/*", { format: "json", as: "object" }],
    ["application/yaml", { format: "yaml", as: "object" }],
    [`${protobuf},application/json`, { format: "json", as: "object" }],
    ["application/json;as=Table;v=v1;g=meta.k8s.io,application/json", { format: "json", as: "table" }],
    ["application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json", { format: "json", as: "object" }],
    ["application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", { format: "json", as: "metadata" }],
    [
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json",
      { format: "json", as: "discovery" },
    ],
    ["application/json;stream=watch", { format: "json", as: "object" }],
  ])("%s", (header, representation) => {
    expect(parseAccept(header)).toEqual(representation);
  });

  test("that asks for protobuf alone is refused", () => {
    expect(() => parseAccept(protobuf)).toThrow("only the following media types are accepted");
  });
});

describe("a failure is told", () => {
  test.each([
    [undefined, "json"],
    ["application/yaml", "yaml"],
    [`${protobuf},application/yaml`, "yaml"],
    [protobuf, "json"],
    ["text/html", "json"],
  ])("to who asks for %s in %s", (header, format) => expect(failureFormat(header)).toBe(format));
});

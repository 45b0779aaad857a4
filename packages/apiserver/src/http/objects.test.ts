import { FakeClock } from "@lmos/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../testing/client.ts";
import { widgetDefinition } from "../testing/widgets.ts";

const configMaps = "/api/v1/namespaces/default/configmaps";
const widgets = "/apis/example.dev/v1/namespaces/default/widgets";
const widget = (name: string, spec = {}) => ({
  apiVersion: "example.dev/v1",
  kind: "Widget",
  metadata: { name },
  spec,
});

let api: TestServer;
beforeAll(async () => {
  api = await startTestServer({ clock: new FakeClock() });
  const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  expect((await api.send("POST", definitions, { body: widgetDefinition })).status).toBe(201);
});
afterAll(async () => api[Symbol.asyncDispose]());

describe("a failure is a Status as Kubernetes words it", () => {
  const cases = [
    {
      name: "unknown object",
      request: ["GET", `${widgets}/none`],
      status: 404,
      reason: "NotFound",
      message: 'widgets.example.dev "none" not found',
    },
    {
      name: "unknown resource",
      request: ["GET", "/api/v1/nothing"],
      status: 404,
      reason: "NotFound",
      message: "the server could not find the requested resource",
    },
    { name: "a path that is no URL", request: ["GET", "//"], status: 404, reason: "NotFound" },
    { name: "unknown path", request: ["GET", "/nope"], status: 404, reason: "NotFound" },
    {
      name: "logs of a pod",
      request: ["GET", "/api/v1/namespaces/default/pods/x/log"],
      status: 404,
      reason: "NotFound",
    },
    { name: "method of a collection", request: ["PUT", widgets], status: 405, reason: "MethodNotAllowed" },
    {
      name: "namespace that is missing",
      request: ["POST", "/api/v1/namespaces/none/configmaps"],
      body: { metadata: { name: "a" } },
      status: 404,
      reason: "NotFound",
      message: 'namespaces "none" not found',
    },
    {
      name: "another namespace in the body",
      request: ["POST", configMaps],
      body: { metadata: { name: "a", namespace: "x" } },
      status: 400,
      reason: "BadRequest",
      message: "the namespace of the provided object does not match the namespace sent on the request",
    },
    {
      name: "no name",
      request: ["POST", configMaps],
      body: { metadata: {} },
      status: 422,
      reason: "Invalid",
      message: 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    },
    {
      name: "faulty name",
      request: ["POST", configMaps],
      body: { metadata: { name: "A_b" } },
      status: 422,
      reason: "Invalid",
    },
    {
      name: "faulty label",
      request: ["POST", configMaps],
      body: { metadata: { name: "a", labels: { a: "b c" } } },
      status: 422,
      reason: "Invalid",
    },
    {
      name: "broken JSON",
      request: ["POST", configMaps],
      body: '{"metadata":',
      status: 400,
      reason: "BadRequest",
    },
    {
      name: "broken YAML",
      request: ["POST", configMaps],
      contentType: "application/yaml",
      body: '{"metadata":',
      status: 400,
      reason: "BadRequest",
    },
    { name: "a list as body", request: ["POST", configMaps], body: [], status: 400, reason: "BadRequest" },
    {
      name: "unknown content type",
      request: ["POST", configMaps],
      contentType: "text/plain",
      body: "x",
      status: 415,
      reason: "UnsupportedMediaType",
    },
    {
      name: "strategic patch of a custom resource",
      request: ["PATCH", `${widgets}/a`],
      contentType: "application/strategic-merge-patch+json",
      body: {},
      status: 415,
      reason: "UnsupportedMediaType",
    },
    {
      name: "another version in the body",
      request: ["POST", widgets],
      body: { ...widget("a"), apiVersion: "example.dev/v2" },
      status: 400,
      reason: "BadRequest",
      message:
        "the API version in the data (example.dev/v2) does not match the expected API version (example.dev/v1)",
    },
    {
      name: "another kind in the body",
      request: ["POST", widgets],
      body: { ...widget("a"), kind: "Gadget" },
      status: 422,
      reason: "Invalid",
      message: 'Gadget.example.dev "a" is invalid: kind: Invalid value: "Gadget": must be Widget',
    },
    {
      name: "a value that the schema forbids",
      request: ["POST", widgets],
      body: widget("a", { size: -1 }),
      status: 422,
      reason: "Invalid",
    },
    {
      name: "update of nothing",
      request: ["PUT", `${widgets}/none`],
      body: widget("none"),
      status: 404,
      reason: "NotFound",
    },
    {
      name: "faulty label selector",
      request: ["GET", `${widgets}?labelSelector=a%20b`],
      status: 400,
      reason: "BadRequest",
    },
    {
      name: "unknown field selector",
      request: ["GET", `${widgets}?fieldSelector=spec.size%3D1`],
      status: 400,
      reason: "BadRequest",
      message: "field label not supported: spec.size",
    },
    { name: "faulty limit", request: ["GET", `${widgets}?limit=x`], status: 400, reason: "BadRequest" },
    {
      name: "faulty continue",
      request: ["GET", `${widgets}?continue=zz`],
      status: 400,
      reason: "BadRequest",
    },
    {
      name: "faulty version",
      request: ["GET", `${widgets}?resourceVersion=zz`],
      status: 400,
      reason: "BadRequest",
    },
    {
      name: "version of the future",
      request: ["GET", `${widgets}?resourceVersion=999999`],
      status: 504,
      reason: "Timeout",
    },
    {
      name: "a body of 5 MB",
      request: ["POST", configMaps],
      body: `{"metadata":{"name":"big"},"data":{"a":"${"x".repeat(5_000_000)}"}}`,
      status: 413,
      reason: "RequestEntityTooLarge",
    },
    {
      name: "an object above the limit",
      request: ["POST", widgets],
      body: widget("big", { colour: "x".repeat(1_600_000) }),
      status: 413,
      reason: "RequestEntityTooLarge",
    },
    {
      name: "an encoding that is not served",
      request: ["GET", configMaps],
      accept: "application/vnd.kubernetes.protobuf",
      status: 406,
      reason: "NotAcceptable",
    },
  ] as const;

  test.each(cases)("$name", async ({ request: [method, path], status, reason, ...rest }) => {
    const options = {
      body: undefined,
      contentType: undefined,
      accept: undefined,
      message: undefined,
      ...rest,
    };
    const answer = await api.send(method, path, options);
    expect(answer.object).toMatchObject({
      kind: "Status",
      apiVersion: "v1",
      status: "Failure",
      reason,
      code: status,
    });
    expect(answer.status).toBe(status);
    if (options.message !== undefined) expect(answer.object["message"]).toBe(options.message);
  });
});

test("a new object gets identity, time and its first generation; its status is left out", async () => {
  const body = { ...widget("fresh", { size: 3 }), status: { ready: true } };
  const { status, object } = await api.send("POST", widgets, { body });
  expect(status).toBe(201);
  expect(object).toMatchObject({
    metadata: {
      name: "fresh",
      namespace: "default",
      generation: 1,
      creationTimestamp: "2026-01-01T00:00:00Z",
    },
    spec: { size: 3, colour: "grey" },
  });
  expect(object).not.toHaveProperty("status");
  expect(object).toHaveProperty("metadata.uid");
});

test("generateName is completed by five letters", async () => {
  const { object } = await api.send("POST", configMaps, { body: { metadata: { generateName: "job-" } } });
  expect(object).toMatchObject({ metadata: { name: expect.stringMatching(/^job-[a-z0-9]{5}$/) } });
});

test("creating what exists is refused", async () => {
  await api.send("POST", widgets, { body: widget("twice") });
  const { object } = await api.send("POST", widgets, { body: widget("twice") });
  expect(object).toMatchObject({
    reason: "AlreadyExists",
    message: 'widgets.example.dev "twice" already exists',
  });
});

test("an update made on an old state is refused", async () => {
  const { object: first } = await api.send("POST", widgets, { body: widget("race") });
  const { metadata = {} } = first;
  const body = { ...first, spec: { size: 2 } };
  expect((await api.send("PUT", `${widgets}/race`, { body })).status).toBe(200);
  const { object } = await api.send("PUT", `${widgets}/race`, {
    body: { ...first, metadata, spec: { size: 4 } },
  });
  expect(object).toMatchObject({
    reason: "Conflict",
    message:
      'Operation cannot be fulfilled on widgets.example.dev "race": the object has been modified; please apply your changes to the latest version and try again',
  });
});

describe("spec and status", () => {
  const merge = "application/merge-patch+json";
  const patch = (path: string, body: object) =>
    api.send("PATCH", path, { contentType: merge, body: JSON.parse(JSON.stringify(body)) });

  test("each path writes its own half, and only spec counts as a generation", async () => {
    await api.send("POST", widgets, { body: widget("halves", { size: 1 }) });
    const path = `${widgets}/halves`;
    const both = { spec: { size: 2 }, status: { ready: true } };
    const viaStatus = await patch(`${path}/status`, both);
    expect(viaStatus.object).toMatchObject({
      metadata: { generation: 1 },
      spec: { size: 1 },
      status: { ready: true },
    });
    const viaSpec = await patch(path, { ...both, status: { ready: false } });
    expect(viaSpec.object).toMatchObject({
      metadata: { generation: 2 },
      spec: { size: 2 },
      status: { ready: true },
    });
    const labels = await patch(path, { metadata: { labels: { a: "b" } } });
    expect(labels.object).toMatchObject({ metadata: { generation: 2, labels: { a: "b" } } });
  });

  test("a write that changes nothing makes no new version", async () => {
    const { object } = await api.send("POST", widgets, { body: widget("same", { size: 1 }) });
    const again = await patch(`${widgets}/same`, { spec: { size: 1 } });
    expect(again.object["metadata"]).toEqual(object["metadata"]);
  });
});

describe("unknown and repeated fields", () => {
  const body =
    '{"apiVersion":"example.dev/v1","kind":"Widget","metadata":{"name":"odd"},"spec":{"foo":1,"size":1,"size":2}}';

  test("are refused when validation is strict", async () => {
    const { object } = await api.send("POST", `${widgets}?fieldValidation=Strict`, { body });
    expect(object).toMatchObject({
      reason: "BadRequest",
      message:
        'Widget in version "v1" cannot be handled as a Widget: strict decoding error: duplicate field "spec.size", unknown field "spec.foo"',
    });
  });

  test("are dropped with a warning otherwise", async () => {
    const { object, headers } = await api.send("POST", `${widgets}?dryRun=All`, { body });
    expect(object["spec"]).toEqual({ size: 2, colour: "grey" });
    expect(headers["warning"]).toBe(
      '299 - "duplicate field \\"spec.size\\"", 299 - "unknown field \\"spec.foo\\""',
    );
  });
});

test("a warning says what can't stand in a header with question marks", async () => {
  const body = '{"metadata":{"name":"odd"},"d\u00e4t\u8a9e":{}}';
  const { status, headers } = await api.send("POST", `${configMaps}?dryRun=All`, { body });
  expect([status, headers["warning"]]).toEqual([201, '299 - "unknown field \\"d?t?\\""']);
});

describe("server-side apply", () => {
  const apply = (query: string, spec: object) =>
    api.send("PATCH", `${widgets}/applied?${query}`, {
      contentType: "application/apply-patch+yaml",
      body: JSON.stringify(widget("applied", spec)),
    });

  test("creates, reports conflicts with the owner of a field, and takes it over by force", async () => {
    expect((await apply("fieldManager=one", { size: 1 })).status).toBe(201);
    const refused = await apply("fieldManager=two", { size: 2 });
    expect(refused.status).toBe(409);
    expect(refused.object).toMatchObject({
      message: 'Apply failed with 1 conflict: conflict with "one": .spec.size',
      details: { causes: [{ reason: "FieldManagerConflict", field: ".spec.size" }] },
    });
    const forced = await apply("fieldManager=two&force=true", { size: 2 });
    expect(forced.object).toMatchObject({ spec: { size: 2 } });
    const again = await apply("fieldManager=two&force=true", { size: 2 });
    expect(again.object["metadata"]).toEqual(forced.object["metadata"]);
  });

  test("needs a field manager", async () => {
    expect((await apply("", { size: 1 })).status).toBe(422);
  });
});

test("dryRun answers as if written and writes nothing", async () => {
  const created = await api.send("POST", `${widgets}?dryRun=All`, { body: widget("dry") });
  expect(created.status).toBe(201);
  expect((await api.send("GET", `${widgets}/dry`)).status).toBe(404);
  await api.send("POST", widgets, { body: widget("wet") });
  expect((await api.send("DELETE", `${widgets}/wet?dryRun=All`)).status).toBe(200);
  expect((await api.send("GET", `${widgets}/wet`)).status).toBe(200);
});

test("the scale subresource reads and sets replicas", async () => {
  const body = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d" },
    spec: {
      selector: { matchLabels: { app: "d" } },
      template: { metadata: { labels: { app: "d" } }, spec: { containers: [{ name: "c", image: "i" }] } },
    },
  };
  const deployments = "/apis/apps/v1/namespaces/default/deployments";
  expect((await api.send("POST", deployments, { body })).status).toBe(201);
  const { object: scale } = await api.send("GET", `${deployments}/d/scale`);
  expect(scale).toMatchObject({
    kind: "Scale",
    spec: { replicas: 1 },
    status: { replicas: 0, selector: "app=d" },
  });
  const patched = await api.send("PATCH", `${deployments}/d/scale`, {
    contentType: "application/merge-patch+json",
    body: { spec: { replicas: 5 } },
  });
  expect(patched.object).toMatchObject({ spec: { replicas: 5 } });
  const { object } = await api.send("GET", `${deployments}/d`);
  expect(object).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 5 } });
});

describe("lists", () => {
  beforeAll(async () => {
    for (const name of ["p1", "p2", "p3", "p4", "p5"]) {
      const metadata = { name, labels: { page: "yes", odd: String(Number(name[1]) % 2 === 1) } };
      await api.send("POST", configMaps, { body: { metadata } });
    }
  });
  const names = (object: object): unknown =>
    JSON.parse(JSON.stringify(object)).items.map(
      (item: { metadata: { name: string } }) => item.metadata.name,
    );

  test("every page shows the state of the first", async () => {
    const first = await api.send("GET", `${configMaps}?labelSelector=page%3Dyes&limit=2`);
    expect(names(first.object)).toEqual(["p1", "p2"]);
    await api.send("DELETE", `${configMaps}/p4`);
    await api.send("POST", configMaps, { body: { metadata: { name: "p6", labels: { page: "yes" } } } });
    const { metadata } = JSON.parse(first.text);
    const second = await api.send(
      "GET",
      `${configMaps}?labelSelector=page%3Dyes&continue=${metadata.continue}`,
    );
    expect(names(second.object)).toEqual(["p3", "p4", "p5"]);
    expect(second.object).toMatchObject({ metadata: { resourceVersion: metadata.resourceVersion } });
    const exact = await api.send(
      "GET",
      `${configMaps}?labelSelector=page&resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=Exact`,
    );
    expect(names(exact.object)).toEqual(["p1", "p2", "p3", "p4", "p5"]);
  });

  test("a page without selectors says how many follow", async () => {
    const { object } = await api.send("GET", "/api/v1/namespaces?limit=1");
    expect(object).toMatchObject({ metadata: { remainingItemCount: 2 } });
  });

  test("fields and sets select", async () => {
    const { object } = await api.send(
      "GET",
      `/api/v1/configmaps?fieldSelector=metadata.name%3Dp1,metadata.namespace%3Ddefault`,
    );
    expect(names(object)).toEqual(["p1"]);
    const set = await api.send("GET", `${configMaps}?labelSelector=odd+in+(true),page`);
    expect(names(set.object)).toEqual(["p1", "p3", "p5"]);
  });

  test("a table has a row for each object", async () => {
    const accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    const { object } = await api.send("GET", `${widgets}?limit=1`, { accept });
    expect(object).toMatchObject({ kind: "Table", rows: [{ object: { kind: "PartialObjectMetadata" } }] });
  });

  test("metadata alone can be had", async () => {
    const accept = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
    const { object } = await api.send("GET", `${configMaps}?limit=1`, { accept });
    expect(object).toMatchObject({
      kind: "PartialObjectMetadataList",
      items: [{ kind: "PartialObjectMetadata" }],
    });
  });

  test("deletecollection deletes what is selected", async () => {
    const { object } = await api.send("DELETE", `${configMaps}?labelSelector=page`);
    expect(names(object)).toEqual(["p1", "p2", "p3", "p5", "p6"]);
    expect(names((await api.send("GET", `${configMaps}?labelSelector=page`)).object)).toEqual([]);
  });
});

describe("delete", () => {
  test("answers with a Status about the object", async () => {
    await api.send("POST", widgets, { body: widget("gone") });
    const { object } = await api.send("DELETE", `${widgets}/gone`);
    expect(object).toMatchObject({
      kind: "Status",
      status: "Success",
      details: { name: "gone", kind: "widgets" },
    });
  });

  test("is refused for another uid", async () => {
    await api.send("POST", widgets, { body: widget("kept") });
    const { status } = await api.send("DELETE", `${widgets}/kept`, {
      body: { preconditions: { uid: "other" } },
    });
    expect(status).toBe(409);
  });

  test("waits for finalizers, and refuses new ones meanwhile", async () => {
    const body = widget("held");
    await api.send("POST", widgets, {
      body: { ...body, metadata: { name: "held", finalizers: ["example.dev/hold"] } },
    });
    const { object } = await api.send("DELETE", `${widgets}/held`);
    expect(object).toMatchObject({ kind: "Widget", metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } });
    const contentType = "application/merge-patch+json";
    const more = { metadata: { finalizers: ["example.dev/hold", "example.dev/more"] } };
    expect((await api.send("PATCH", `${widgets}/held`, { contentType, body: more })).status).toBe(422);
    await api.send("PATCH", `${widgets}/held`, { contentType, body: { metadata: { finalizers: null } } });
    expect((await api.send("GET", `${widgets}/held`)).status).toBe(404);
  });
});

test("events are the same in both groups", async () => {
  const body = {
    metadata: { name: "e" },
    regarding: { kind: "Widget", name: "w" },
    reason: "Because",
    note: "so it is",
    type: "Normal",
    eventTime: "2026-01-01T00:00:00.000000Z",
    reportingController: "c",
    reportingInstance: "i",
    action: "Act",
  };
  const created = await api.send("POST", "/apis/events.k8s.io/v1/namespaces/default/events", { body });
  expect(created.object).toMatchObject({ apiVersion: "events.k8s.io/v1", note: "so it is" });
  const core = await api.send(
    "GET",
    "/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Dw",
  );
  expect(core.object).toMatchObject({
    items: [{ message: "so it is", involvedObject: { name: "w" }, reportingComponent: "c" }],
  });
});

test("a service gets a cluster address of its own unless it wants none", async () => {
  const services = "/api/v1/namespaces/default/services";
  const service = (name: string, spec: object) => ({
    body: JSON.stringify({ metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } }),
  });
  const { object } = await api.send("POST", services, service("s1", {}));
  expect(object).toMatchObject({ spec: { clusterIP: expect.stringMatching(/^10\.(9[6-9]|10\d|11[01])\./) } });
  const headless = await api.send("POST", services, service("s2", { clusterIP: "None" }));
  expect(headless.object).toMatchObject({ spec: { clusterIP: "None" } });
});

test("YAML is read and, on demand, written", async () => {
  const body = "metadata:\n  name: yaml\ndata:\n  a: b\n";
  const { status } = await api.send("POST", configMaps, { body, contentType: "application/yaml" });
  expect(status).toBe(201);
  const { text } = await api.send("GET", `${configMaps}/yaml`, { accept: "application/yaml" });
  expect(text).toContain("kind: ConfigMap");
});

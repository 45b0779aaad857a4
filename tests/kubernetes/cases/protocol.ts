import { type Area, absent, present } from "../conformance/case.ts";
import { configMap, configMaps, deployment, deployments, widget, widgets } from "../conformance/objects.ts";
import { apply, get, kubectl, mergePatch, post, put } from "../conformance/steps.ts";

const send = (method: string, path: string, status: number, more: object = {}) =>
  ({ kind: "request", method, path, status, ...more }) as const;

/** What goes over the wire whatever the object is: dry runs, sizes, errors, discovery. */
export const protocolCases: Area = {
  title: "Requests, errors and dry runs",
  cases: [
    {
      name: "a dry run of a creation answers and stores nothing",
      steps: [
        post(`${widgets}?dryRun=All`, widget("a", { size: 1 }), {
          holds: { "spec.colour": "grey", "metadata.uid": present, "metadata.resourceVersion": absent },
        }),
        get(`${widgets}/a`, { status: 404 }),
      ],
    },
    {
      name: "a dry run validates",
      steps: [
        post(`${widgets}?dryRun=All`, widget("a", { size: -1 }), { status: 422 }),
        post(configMaps, configMap("a", {})),
        post(`${configMaps}?dryRun=All`, configMap("a", {}), { status: 409 }),
      ],
    },
    {
      name: "a dry run of updates and applies changes nothing",
      steps: [
        post(widgets, widget("a", { size: 1 })),
        mergePatch(`${widgets}/a?dryRun=All`, { spec: { size: 2 } }, { holds: { "spec.size": 2 } }),
        apply(`${widgets}/a`, "alice&dryRun=All", widget("a", { replicas: 3 }), {
          holds: { "spec.replicas": 3 },
        }),
        get(`${widgets}/a`, { holds: { "spec.size": 1, "spec.replicas": absent } }),
      ],
    },
    {
      name: "a dry run of another kind than All is refused",
      steps: [post(`${configMaps}?dryRun=Some`, configMap("a", {}), { status: 422 })],
    },
    {
      name: "a body that is too large is refused",
      steps: [
        post(configMaps, configMap("a", { k: "x".repeat(4 * 1024 * 1024) }), {
          status: 413,
          compare: "reason",
        }),
      ],
    },
    {
      name: "a ConfigMap that is too large is Invalid",
      steps: [
        post(configMaps, configMap("a", { k: "x".repeat(1024 * 1024 + 1) }), {
          status: 422,
          compare: ["reason", "code", "details.causes"],
        }),
      ],
    },
    {
      name: "annotations that are too large are Invalid",
      steps: [
        post(configMaps, configMap("a", {}, { annotations: { k: "x".repeat(262145) } }), { status: 422 }),
      ],
    },
    {
      name: "a body that is no JSON is refused",
      steps: [
        post(configMaps, '{"apiVersion": "v1", ', { status: 400, compare: "reason" }),
        post(widgets, "[]", { status: 400, compare: "reason" }),
      ],
    },
    {
      name: "an empty body is refused",
      steps: [post(configMaps, "", { status: 400, compare: "reason" })],
    },
    {
      name: "YAML is taken",
      steps: [
        post(configMaps, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: v\n", {
          headers: { "Content-Type": "application/yaml" },
          holds: { data: { k: "v" } },
        }),
        get(`${configMaps}/a`, {
          headers: { Accept: "application/yaml" },
          holds: { "": /kind: ConfigMap/ },
          compare: "status",
        }),
      ],
    },
    {
      name: "a content type the server does not know is UnsupportedMediaType",
      steps: [
        post(configMaps, configMap("a", {}), {
          headers: { "Content-Type": "text/plain" },
          status: 415,
          holds: { reason: "UnsupportedMediaType" },
        }),
      ],
    },
    {
      name: "an Accept that cannot be met is NotAcceptable",
      steps: [
        get(configMaps, {
          headers: { Accept: "text/html" },
          status: 406,
          holds: { reason: "NotAcceptable" },
          compare: "reason",
        }),
      ],
    },
    {
      name: "a kind without its version or name is refused",
      steps: [
        post(configMaps, { metadata: { name: "a" } }, { compare: "status" }),
        post(widgets, { metadata: { name: "a" } }, { status: 400 }),
      ],
    },
    {
      name: "a path that leads nowhere is 404",
      steps: [
        get("/apis/nothing.example/v1/things", { status: 404, compare: "status" }),
        get("/nothing", { status: 404, compare: "status" }),
        get("/api/v1/namespaces/<ns>/nothings", { status: 404, compare: "status" }),
      ],
    },
    {
      name: "a method that a path does not take is MethodNotAllowed",
      steps: [
        send("POST", `${configMaps}/a`, 405, {
          body: configMap("a", {}),
          holds: { reason: "MethodNotAllowed" },
        }),
        send("PUT", configMaps, 405, { body: configMap("a", {}) }),
      ],
    },
    {
      name: "a request without credentials is refused",
      steps: [
        get(configMaps, {
          headers: { Authorization: "Bearer wrong" },
          status: 401,
          holds: { reason: "Unauthorized", kind: "Status", message: "Unauthorized" },
        }),
      ],
    },
    {
      name: "health is told without words",
      steps: [
        get("/readyz", { holds: { "": "ok" } }),
        get("/livez", { holds: { "": "ok" } }),
        get("/healthz", { holds: { "": "ok" } }),
      ],
    },
    {
      name: "the version is told",
      steps: [
        get("/version", {
          holds: { major: "1", gitVersion: /^v1\./, platform: present },
          compare: ["major"],
        }),
      ],
    },
    {
      name: "a quoted number in a path or query does no harm",
      steps: [
        get(`${configMaps}?limit=abc`, { status: 400, compare: "reason" }),
        get(`${configMaps}?limit=-1`, { compare: "status" }),
        get(`${configMaps}?timeoutSeconds=abc`, { status: 400, compare: "reason" }),
      ],
    },
    {
      name: "an unchanged put through YAML keeps everything",
      steps: [
        post(deployments, deployment("web"), { save: { version: "metadata.resourceVersion" } }),
        put(`${deployments}/web`, deployment("web"), { holds: { "metadata.resourceVersion": "<version>" } }),
      ],
    },
    {
      name: "kubectl get --raw reads any path",
      steps: [kubectl("get --raw /api/v1/namespaces/<ns>", { stdout: '"name":"<ns>"', compare: "nothing" })],
    },
  ],
};

const ours = ["agents", "channelrollouts", "channelroutings", "channels"];

/** What a client asks to learn which kinds there are. */
export const discoveryCases: Area = {
  title: "Discovery and schemas",
  cases: [
    {
      name: "the core group has v1",
      steps: [
        get("/api", { holds: { kind: "APIVersions", versions: ["v1"] }, compare: ["kind", "versions"] }),
      ],
    },
    {
      name: "groups are listed with their versions",
      steps: [
        get("/apis", {
          holds: { kind: "APIGroupList", "groups[].name": present },
          compare: ["kind", "apiVersion"],
        }),
      ],
    },
    {
      name: "a custom group is told",
      steps: [
        get("/apis/lmos.eclipse", { holds: { name: "lmos.eclipse", "preferredVersion.version": "v1" } }),
      ],
    },
    {
      name: "our kinds are listed with names, verbs and categories",
      steps: [
        get("/apis/lmos.eclipse/v1", {
          holds: { kind: "APIResourceList" },
          compare: ["kind", "groupVersion"],
        }),
        kubectl("api-resources --api-group=lmos.eclipse -o wide --sort-by=name", {
          stdout: /channelroutings +cr/,
        }),
      ],
    },
    {
      name: "a custom kind's resources include its subresources",
      steps: [
        get("/apis/conformance.example/v1", {
          holds: { "resources[].name": ["widgets", "widgets/status", "widgets/scale"] },
          compare: [
            "kind",
            "groupVersion",
            "resources[].name",
            "resources[].kind",
            "resources[].verbs",
            "resources[].group",
          ],
        }),
      ],
    },
    {
      name: "a group that is not there is 404",
      steps: [
        get("/apis/nothing.example", { status: 404, compare: "status" }),
        get("/apis/lmos.eclipse/v9", { status: 404, compare: "status" }),
      ],
    },
    {
      name: "aggregated discovery names a custom kind in one answer",
      steps: [
        get("/apis", {
          headers: { Accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList" },
          holds: { kind: "APIGroupDiscoveryList", "items[].metadata.name": present },
          compare: ["kind", "apiVersion"],
        }),
      ],
    },
    {
      name: "OpenAPI v3 lists a document for each group",
      steps: [
        get("/openapi/v3", {
          until: true, // the real server tells of new definitions a moment later
          holds: {
            'paths["apis/lmos.eclipse/v1"].serverRelativeURL': /^\/openapi\/v3\/apis\/lmos.eclipse\/v1/,
          },
          compare: "status",
        }),
      ],
    },
    {
      name: "a custom kind's schema is in its OpenAPI document",
      steps: [
        get("/openapi/v3/apis/conformance.example/v1", {
          until: true,
          holds: { openapi: "3.0.0" },
          compare: ['components.schemas["example.conformance.v1.Widget"]'],
        }),
      ],
    },
    {
      name: "kubectl api-resources and api-versions name our kinds",
      steps: [
        kubectl("api-versions", {
          stdout: "lmos.eclipse/v1",
          compare: /lmos|conformance.example|^v1$|^apps/,
        }),
        kubectl("api-resources", {
          compare: /lmos.eclipse|^configmaps|^namespaces|^deployments|^events|^leases|^secrets|^services/,
        }),
        kubectl("api-resources --categories=lmos -o name --sort-by=name", { stdout: ours[0] ?? "" }),
      ],
    },
    {
      name: "kubectl api-resources filters by namespaced and verbs",
      steps: [
        kubectl("api-resources --namespaced=false", {
          compare: /^namespaces|^customresourcedefinitions|^clusterroles/,
        }),
        kubectl("api-resources --verbs=list,watch -o name", { compare: /lmos.eclipse|^configmaps/ }),
      ],
    },
    ...[
      "channel",
      "channel.spec.requiredCapabilities",
      "agent.spec",
      "channelrouting.spec",
      "channelrollout.spec",
    ].map((path) => ({
      name: `kubectl explain ${path}`,
      steps: [kubectl(`explain ${path}`, { until: true, stdout: "GROUP:" })],
    })),
    {
      name: "kubectl explain of built-in kinds",
      steps: [
        kubectl("explain configmap", { stdout: "VERSION:" }),
        kubectl("explain namespace.spec"),
        kubectl("explain deployment.spec.selector", { stdout: "matchLabels" }),
      ],
    },
    {
      name: "kubectl explain --recursive",
      steps: [
        kubectl("explain channel --recursive", { until: true }),
        kubectl("explain widget.spec.parts --recursive"),
      ],
    },
    {
      name: "kubectl explain of a field that is not there fails",
      steps: [kubectl("explain channel.spec.nothing", { exit: 1, stderr: "does not exist" })],
    },
    {
      name: "kubectl says that a kind is unknown",
      steps: [kubectl("get nothings", { exit: 1, stderr: "doesn't have a resource type" })],
    },
  ],
};

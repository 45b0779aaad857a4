import { type Area, absent, present } from "../conformance/case.ts";
import {
  channel,
  channels,
  configMap,
  configMaps,
  deployment,
  deployments,
  secrets,
  widget,
  widgets,
} from "../conformance/objects.ts";
import { get, post, put, remove } from "../conformance/steps.ts";

const labelled = (name: string, labels: Record<string, string>) => configMap(name, {}, { labels });

const threeLabelled = [
  post(configMaps, labelled("a", { app: "web", tier: "front" })),
  post(configMaps, labelled("b", { app: "web", tier: "back" })),
  post(configMaps, labelled("c", { app: "mail" })),
];

const selecting = (selector: string, names: readonly string[]) =>
  get(`${configMaps}?labelSelector=${selector}`, { holds: { "items[].metadata.name": [...names] } });

/** Creating, reading and listing objects. */
export const objectCases: Area = {
  title: "Objects",
  cases: [
    {
      name: "a created object carries what the server adds",
      steps: [
        post(configMaps, configMap("a", { k: "v" }), {
          holds: {
            "metadata.uid": /^[0-9a-f-]{36}$/,
            "metadata.resourceVersion": /^\d+$/,
            "metadata.creationTimestamp": /Z$/,
            "metadata.namespace": "<ns>",
            "metadata.generation": absent,
            "metadata.managedFields": { length: 1 },
          },
        }),
        get(`${configMaps}/a`, { holds: { data: { k: "v" }, kind: "ConfigMap", "metadata.uid": present } }),
      ],
    },
    {
      name: "a custom object starts with generation 1",
      steps: [post(channels, channel("a", ">=1.0.0"), { holds: { "metadata.generation": 1 } })],
    },
    {
      name: "a Deployment is completed with its defaults",
      steps: [
        post(deployments, deployment("web"), {
          holds: {
            "spec.replicas": 1,
            "spec.strategy.type": "RollingUpdate",
            "spec.template.spec.containers[0].imagePullPolicy": "IfNotPresent",
          },
        }),
      ],
    },
    {
      name: "a Secret's stringData becomes data",
      steps: [
        post(
          secrets,
          { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, stringData: { user: "admin" } },
          { holds: { data: { user: "YWRtaW4=" }, stringData: absent, type: "Opaque" } },
        ),
      ],
    },
    {
      name: "an object that is not there is NotFound",
      steps: [
        get(`${configMaps}/none`, { status: 404, holds: { reason: "NotFound", "details.name": "none" } }),
      ],
    },
    {
      name: "a custom object that is not there is NotFound with its group",
      steps: [
        get(`${widgets}/none`, {
          status: 404,
          holds: { "details.group": "conformance.example", reason: "NotFound" },
        }),
      ],
    },
    {
      name: "a name that is taken is AlreadyExists",
      steps: [
        post(configMaps, configMap("a", {})),
        post(configMaps, configMap("a", {}), { status: 409, holds: { reason: "AlreadyExists" } }),
      ],
    },
    {
      name: "generateName makes a name of the prefix and five characters",
      steps: [
        post(
          configMaps,
          { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "made-" } },
          { holds: { "metadata.name": /^made-[a-z0-9]{5}$/ }, compare: ["metadata.generateName", "kind"] },
        ),
      ],
    },
    {
      name: "an object without a name is refused",
      steps: [post(configMaps, { apiVersion: "v1", kind: "ConfigMap", metadata: {} }, { status: 422 })],
    },
    {
      name: "a name that DNS would not take is refused",
      steps: [post(configMaps, configMap("Not_A_Name", {}), { status: 422, holds: { reason: "Invalid" } })],
    },
    {
      name: "labels and annotations of a wrong form are refused",
      steps: [
        post(configMaps, configMap("a", {}, { labels: { "bad key": "v" } }), { status: 422 }),
        post(configMaps, configMap("a", {}, { labels: { ok: "not ok!" } }), { status: 422 }),
        post(configMaps, configMap("b", {}, { annotations: { "-x": "v" } }), { status: 422 }),
      ],
    },
    {
      name: "an object of another namespace than the path's is refused",
      steps: [post(configMaps, configMap("a", {}, { namespace: "default" }), { status: 400 })],
    },
    {
      name: "an object in a namespace that is not there is refused",
      steps: [post("/api/v1/namespaces/nowhere/configmaps", configMap("a", {}), { status: 404 })],
    },
    {
      name: "an object of another kind than the path's is refused",
      steps: [post(configMaps, deployment("a"), { status: 400, compare: "reason" })],
    },
    {
      name: "members that the server owns are not taken from a new object",
      steps: [
        post(
          widgets,
          widget("a", { size: 1 }, { uid: "mine", generation: 7, creationTimestamp: "2001-01-01T00:00:00Z" }),
          { holds: { "metadata.generation": 1, "metadata.uid": /-/ } },
        ),
      ],
    },
    {
      name: "a new object may not name a resourceVersion",
      steps: [post(configMaps, configMap("a", {}, { resourceVersion: "5" }), { status: 500 })],
    },
    {
      name: "a list is in the order of names and tells its version",
      steps: [
        ...threeLabelled.toReversed(),
        get(configMaps, {
          holds: {
            kind: "ConfigMapList",
            "items[].metadata.name": ["a", "b", "c"],
            "metadata.resourceVersion": /^\d+$/,
            "items[0].kind": absent,
          },
        }),
      ],
    },
    {
      name: "items of a custom list tell their kind",
      steps: [
        post(widgets, widget("a", { size: 1 })),
        get(widgets, { holds: { kind: "WidgetList", "items[0].kind": "Widget" } }),
      ],
    },
    {
      name: "an empty list has an empty array",
      steps: [get(configMaps, { holds: { items: [] } }), get(widgets, { holds: { items: [] } })],
    },
    {
      name: "label selectors: equality, inequality, sets, existence",
      steps: [
        ...threeLabelled,
        selecting("app=web", ["a", "b"]),
        selecting("app==web,tier!=back", ["a"]),
        selecting("app!=web", ["c"]),
        selecting("tier", ["a", "b"]),
        selecting("!tier", ["c"]),
        selecting("app in (web,mail),tier notin (front)", ["b", "c"]),
      ],
    },
    {
      name: "a label selector compares numbers",
      steps: [
        ...["2", "10", "many"].map((size) =>
          post(configMaps, configMap(`size-${size}`, {}, { labels: { size } })),
        ),
        selecting("size>3", ["size-10"]),
        selecting("size<3,size", ["size-2"]),
        get(`${configMaps}?labelSelector=size>few`, { status: 400, compare: "reason" }),
      ],
    },
    {
      name: "label and field selectors hold together",
      steps: [
        ...threeLabelled,
        get(`${configMaps}?labelSelector=app=web&fieldSelector=metadata.name!=a`, {
          holds: { "items[].metadata.name": ["b"] },
        }),
        get(`${configMaps}?fieldSelector=metadata.name=a,metadata.namespace!=<ns>`, { holds: { items: [] } }),
      ],
    },
    {
      name: "a label selector that cannot be read is refused",
      steps: [get(`${configMaps}?labelSelector=app in web`, { status: 400, compare: "reason" })],
    },
    {
      name: "field selectors by name and namespace",
      steps: [
        ...threeLabelled,
        get(`${configMaps}?fieldSelector=metadata.name=b`, { holds: { "items[].metadata.name": ["b"] } }),
        get(`${configMaps}?fieldSelector=metadata.name!=b`, {
          holds: { "items[].metadata.name": ["a", "c"] },
        }),
        get("/api/v1/configmaps?fieldSelector=metadata.namespace=<ns>", { holds: { items: { length: 3 } } }),
      ],
    },
    {
      name: "a field selector of a field that is not selectable is refused",
      steps: [
        get(`${configMaps}?fieldSelector=data.k=v`, { status: 400 }),
        get(`${widgets}?fieldSelector=spec.size=1`, { status: 400 }),
      ],
    },
    {
      name: "selectable fields of a definition select",
      steps: [
        post(widgets, widget("a", { colour: "red" })),
        post(widgets, widget("b", { colour: "blue" })),
        get(`${widgets}?fieldSelector=spec.colour=blue`, { holds: { "items[].metadata.name": ["b"] } }),
      ],
    },
    {
      name: "pages follow one another and agree on one version",
      steps: [
        ...threeLabelled,
        get(`${configMaps}?limit=2`, {
          holds: { "items[].metadata.name": ["a", "b"], "metadata.remainingItemCount": 1 },
          save: { next: "metadata.continue", version: "metadata.resourceVersion" },
        }),
        post(configMaps, configMap("d", {})),
        get(`${configMaps}?limit=2&continue=<next>`, {
          holds: {
            "items[].metadata.name": ["c"],
            "metadata.continue": absent,
            "metadata.remainingItemCount": absent,
            "metadata.resourceVersion": "<version>",
          },
        }),
      ],
    },
    {
      name: "pages of one go through all objects, deleted ones included",
      steps: [
        ...threeLabelled,
        get(`${configMaps}?limit=1`, {
          holds: { "items[].metadata.name": ["a"], "metadata.remainingItemCount": 2 },
          save: { next: "metadata.continue" },
        }),
        remove(`${configMaps}/b`),
        get(`${configMaps}?limit=1&continue=<next>`, {
          holds: { "items[].metadata.name": ["b"], "metadata.remainingItemCount": 1 },
          save: { last: "metadata.continue" },
        }),
        get(`${configMaps}?limit=1&continue=<last>`, {
          holds: { "items[].metadata.name": ["c"], "metadata.continue": absent },
        }),
      ],
    },
    {
      name: "a page takes a version only without its token",
      steps: [
        ...threeLabelled,
        get(`${configMaps}?limit=2`, {
          save: { next: "metadata.continue", version: "metadata.resourceVersion" },
        }),
        get(`${configMaps}?limit=2&continue=<next>&resourceVersion=<version>`, { status: 400 }),
        get(`${configMaps}?limit=2&resourceVersion=<version>&resourceVersionMatch=Exact`, {
          holds: { "items[].metadata.name": ["a", "b"] },
        }),
      ],
    },
    {
      name: "a limit of nothing or more than there is lists everything",
      steps: [
        ...threeLabelled,
        get(`${configMaps}?limit=0`, { holds: { items: { length: 3 }, "metadata.continue": absent } }),
        get(`${configMaps}?limit=1000`, { holds: { items: { length: 3 }, "metadata.continue": absent } }),
        get(`${configMaps}?limit=some`, { status: 400, compare: "reason" }),
      ],
    },
    {
      name: "pages of a selection do not say how many are left",
      steps: [
        ...threeLabelled,
        get(`${configMaps}?limit=1&labelSelector=app=web`, {
          holds: { "metadata.continue": present, "metadata.remainingItemCount": absent },
        }),
      ],
    },
    {
      name: "a continue token that cannot be read is refused",
      steps: [get(`${configMaps}?limit=2&continue=nonsense`, { status: 400, compare: "reason" })],
    },
    {
      name: "an object's path takes writes to that object only",
      steps: [
        post(configMaps, configMap("a", {})),
        put(`${configMaps}/a`, configMap("b", {}), { status: 400 }),
        remove(`${configMaps}/a`, { holds: { status: "Success" } }),
      ],
    },
    {
      name: "a list over all namespaces names each object's namespace",
      steps: [
        post(widgets, widget("only-here", { size: 1 })),
        get("/apis/conformance.example/v1/widgets?fieldSelector=metadata.name=only-here", {
          holds: { "items[].metadata.namespace": ["<ns>"] },
        }),
      ],
    },
  ],
};

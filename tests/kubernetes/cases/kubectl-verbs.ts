import { isRecord, type JsonObject } from "@lmos/primitives";
import type { Area, Case, KubectlStep } from "../conformance/case.ts";
import {
  agent,
  agents,
  channel,
  channels,
  configMap,
  configMaps,
  deployment,
  deployments,
  widget,
  widgets,
} from "../conformance/objects.ts";
import { get, kubectl, mergePatch, post } from "../conformance/steps.ts";

const yaml = (value: unknown): string => JSON.stringify(value); // YAML takes JSON

const withMetadata = (object: JsonObject, more: JsonObject): JsonObject => {
  const { metadata } = object;
  return { ...object, metadata: { ...(isRecord(metadata) ? metadata : {}), ...more } };
};

const applyObject = (value: unknown, options: Partial<KubectlStep> = {}) =>
  kubectl("apply -f -", { input: yaml(value), ...options });

const routing = {
  apiVersion: "lmos.eclipse/v1",
  kind: "ChannelRouting",
  metadata: { name: "acme-web", labels: { tenant: "acme", channel: "web" } },
  spec: {
    agents: "parcel-agent",
    capabilityGroups: [
      {
        id: "parcel-agent",
        name: "parcel-agent",
        description: "Answers questions about parcels",
        capabilities: [
          {
            id: "track",
            name: "track-parcel",
            requiredVersion: ">=1.0.0",
            providedVersion: "1.1.0",
            description: "Says where a parcel is",
            host: "parcel-agent.default.svc.cluster.local",
          },
        ],
      },
    ],
  },
};

const rollout = {
  apiVersion: "lmos.eclipse/v1",
  kind: "ChannelRollout",
  metadata: { name: "acme-web" },
  spec: {
    strategy: {
      canary: {
        stableChannel: { name: "stable", weight: 90 },
        canaryChannel: { name: "canary", weight: 10 },
      },
    },
  },
};

const resolved = mergePatch(`${channels}/web/status`, {
  status: {
    resolveStatus: "RESOLVED",
    unresolvedRequiredCapabilities: [],
    conditions: [
      {
        type: "Resolved",
        status: "True",
        reason: "AllProvided",
        message: "Everything is provided",
        lastTransitionTime: "2026-01-01T00:00:00Z",
      },
    ],
  },
});

const tenant = {
  apiVersion: "lmos.eclipse/v1alpha1",
  kind: "Tenant",
  metadata: { name: "<ns>-acme" },
  spec: {
    id: "acme",
    namespaces: ["acme-*", "shared"],
    channels: ["web"],
    quota: { channels: 10, agents: 50 },
  },
};

const grant = {
  apiVersion: "lmos.eclipse/v1alpha1",
  kind: "CapabilityGrant",
  metadata: { name: "<ns>-parcels" },
  spec: {
    providers: [
      { namespace: "acme-agents", serviceAccount: "parcels" },
      { namespace: "shared", agent: "p" },
    ],
    capabilities: ["track-*"],
    versions: ">=1.0.0 <3.0.0",
    tenants: ["acme"],
  },
};

const namespace = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "<ns>-made", labels: { team: "a" } },
};

/** Each kind whose output must be the same, with an object of it. */
const kinds = [
  {
    kind: "Channel",
    resource: "channel",
    name: "web",
    object: channel("web", ">=1.0.0"),
    status: [resolved],
  },
  { kind: "Agent", resource: "agent", name: "parcel", object: agent("parcel"), status: [] },
  { kind: "ChannelRouting", resource: "channelrouting", name: "acme-web", object: routing, status: [] },
  { kind: "ChannelRollout", resource: "channelrollout", name: "acme-web", object: rollout, status: [] },
  {
    kind: "ConfigMap",
    resource: "configmap",
    name: "settings",
    object: configMap("settings", { b: "x\ny" }),
    status: [],
  },
  { kind: "Tenant", resource: "tenant", name: "<ns>-acme", object: tenant, status: [] },
  { kind: "CapabilityGrant", resource: "capabilitygrant", name: "<ns>-parcels", object: grant, status: [] },
  { kind: "Namespace", resource: "namespace", name: "<ns>-made", object: namespace, status: [] },
];

/** Every verb for each of those kinds. */
const perKind: readonly Case[] = kinds.flatMap(({ kind, resource, name, object, status }) => {
  const one = `${resource} ${name}`;
  // Those without a namespace lie beside those of other cases.
  const only = name.startsWith("<ns>") ? `--field-selector metadata.name=${name}` : "";
  return [
    {
      name: `kubectl apply, diff and apply again of a ${kind}`,
      steps: [
        applyObject(object, { stdout: "created" }),
        applyObject(object, { stdout: "unchanged" }),
        kubectl("diff -f -", { input: yaml(object), exit: 0 }),
        applyObject(withMetadata(object, { labels: { changed: "yes" } }), { stdout: "configured" }),
        kubectl("diff -f -", { input: yaml(object), exit: 1, compare: /^[+-] / }),
        kubectl(`get ${one} -o yaml`, { stdout: "changed: " }),
      ],
    },
    {
      name: `kubectl apply --server-side of a ${kind}`,
      steps: [
        kubectl("apply --server-side -f -", { input: yaml(object), stdout: "serverside-applied" }),
        kubectl("apply --server-side -f -", { input: yaml(object), stdout: "serverside-applied" }),
        kubectl("diff --server-side -f -", { input: yaml(object), exit: 0 }),
        kubectl(`get ${one} -o yaml --show-managed-fields`, { stdout: "manager: kubectl" }),
      ],
    },
    {
      name: `kubectl get of a ${kind} in all outputs`,
      steps: [
        kubectl("create -f -", { input: yaml(object), stdout: "created" }),
        ...status,
        kubectl(`get ${resource}s ${only}`, { stdout: "NAME" }),
        kubectl(`get ${one} -o wide`),
        kubectl(`get ${one} --show-labels`),
        kubectl(`get ${one} --no-headers`),
        kubectl(`get ${one} -o yaml`),
        kubectl(`get ${one} -o json`),
        kubectl(`get ${one} -o name`),
        kubectl(`get ${one} -o jsonpath={.metadata.name}`, { stdout: name }),
        kubectl(`get ${resource}s ${only} -o custom-columns=N:.metadata.name,K:.kind`),
        kubectl(`get ${resource}s ${only} -o go-template='{{range .items}}{{.metadata.name}}{{end}}'`),
      ],
    },
    {
      name: `kubectl describe of a ${kind}`,
      steps: [
        kubectl("create -f -", { input: yaml(object) }),
        ...status,
        kubectl(`describe ${one}`, { stdout: /^Name:/ }),
      ],
    },
    {
      name: `kubectl explain, get -w and wait of a ${kind}`,
      steps: [
        kubectl(`explain ${resource}`, { stdout: `KIND:       ${kind}` }),
        kubectl(`explain ${resource}.metadata.labels`, { stdout: "map[string]string" }),
        kubectl("create -f -", { input: yaml(object), stdout: "created" }),
        kubectl(`get ${resource}s -w --field-selector metadata.name=${name}`, {
          follow: { lines: 2, during: [kubectl(`label ${one} watched=yes`)], moreLines: 1 },
        }),
        kubectl(`wait --for=jsonpath={.metadata.labels.watched}=yes ${one} --timeout=5s`, {
          stdout: "condition met",
        }),
        kubectl(`delete ${one} --wait=false`, { stdout: "deleted" }),
        kubectl(`wait --for=delete ${one} --timeout=60s`, { compare: "nothing" }), // it may be gone already
      ],
    },
    {
      name: `kubectl apply --server-side of a ${kind} tells a conflict, and takes the field when forced`,
      steps: [
        kubectl("apply --server-side --field-manager=one -f -", {
          input: yaml(withMetadata(object, { annotations: { tone: "cerise" } })),
          stdout: "serverside-applied",
        }),
        kubectl("apply --server-side --field-manager=two -f -", {
          input: yaml(withMetadata(object, { annotations: { tone: "teal" } })),
          exit: 1,
          stderr: 'conflict with "one": .metadata.annotations.tone',
        }),
        kubectl("apply --server-side --field-manager=two --force-conflicts -f -", {
          input: yaml(withMetadata(object, { annotations: { tone: "teal" } })),
          stdout: "serverside-applied",
        }),
        kubectl(`get ${one} -o jsonpath={.metadata.managedFields[*].manager}`, { stdout: "one two" }),
      ],
    },
    {
      name: `kubectl edit, patch, label, annotate and delete of a ${kind}`,
      steps: [
        kubectl("create -f -", {
          input: yaml(withMetadata(object, { annotations: { tone: "cerise" } })),
        }),
        kubectl(`edit ${one}`, { editor: "sed -i s/cerise/teal/", stdout: "edited" }),
        kubectl(`get ${one} -o jsonpath={.metadata.annotations.tone}`, { stdout: "teal" }),
        kubectl(`patch ${one} --type merge -p '{"metadata":{"annotations":{"tone":"grey"}}}'`, {
          stdout: "patched",
        }),
        kubectl(`patch ${one} --type json -p '[{"op":"remove","path":"/metadata/annotations/tone"}]'`, {
          stdout: "patched",
        }),
        kubectl(`label ${one} stage=test`, { stdout: "labeled" }),
        kubectl(`label ${one} stage=prod`, { exit: 1, stderr: "already has a value" }),
        kubectl(`annotate ${one} note=one`, { stdout: "annotated" }),
        kubectl(`get ${resource}s ${only} -l stage=test -L stage`),
        kubectl(`delete ${one}`, { stdout: "deleted" }),
        kubectl(`get ${one}`, { exit: 1, stderr: "NotFound" }),
      ],
    },
  ];
});

/** The rest of kubectl's verbs. */
export const kubectlCases: Area = {
  title: "kubectl",
  cases: [
    ...perKind,
    {
      name: "kubectl get of nothing",
      steps: [
        kubectl("get channels", { stderr: "No resources found" }),
        kubectl("get channel none", { exit: 1, stderr: "NotFound" }),
        kubectl("get channel none --ignore-not-found"),
      ],
    },
    {
      name: "kubectl explain of what a Tenant and a CapabilityGrant say",
      steps: [
        kubectl("explain tenant.spec --recursive", { stdout: "namespaces" }),
        kubectl("explain tenant.spec.quota", { stdout: "channels" }),
        kubectl("explain capabilitygrant.spec.providers", { stdout: "serviceAccount" }),
        kubectl("explain ten.spec.id", { stdout: "FIELD: id" }),
        kubectl("explain cg.spec.versions", { stdout: "FIELD: versions" }),
      ],
    },
    {
      name: "kubectl apply takes from a Tenant and a CapabilityGrant what the file no longer has",
      steps: [
        applyObject(tenant),
        applyObject({ ...tenant, spec: { namespaces: ["shared"] } }, { stdout: "configured" }),
        kubectl("get tenant <ns>-acme", { stdout: "shared" }),
        kubectl("get tenant <ns>-acme -o jsonpath={.spec}", { stdout: '{"namespaces":["shared"]}' }),
        applyObject(grant),
        applyObject({ ...grant, spec: { capabilities: ["track-*"] } }, { stdout: "configured" }),
        kubectl("get capabilitygrant <ns>-parcels -o jsonpath={.spec}", {
          stdout: '{"capabilities":["track-*"]}',
        }),
      ],
    },
    {
      name: "kubectl patch of a list of a Tenant and of a CapabilityGrant",
      steps: [
        applyObject(tenant),
        kubectl(
          `patch tenant <ns>-acme --type json -p '[{"op":"add","path":"/spec/namespaces/-","value":"more"}]'`,
          { stdout: "patched" },
        ),
        kubectl(`patch tenant <ns>-acme --type merge -p '{"spec":{"quota":null}}'`, { stdout: "patched" }),
        kubectl("get tenant <ns>-acme", { stdout: "more" }),
        applyObject(grant),
        kubectl(
          `patch capabilitygrant <ns>-parcels --type json -p '[{"op":"remove","path":"/spec/providers/0"}]'`,
          { stdout: "patched" },
        ),
        kubectl("get capabilitygrant <ns>-parcels", { stdout: "shared" }),
      ],
    },
    {
      name: "kubectl tells why a Tenant and a CapabilityGrant are invalid",
      steps: [
        applyObject({ ...tenant, spec: { namespaces: "shared" } }, { exit: 1, stderr: "spec.namespaces" }),
        applyObject({ ...tenant, spec: { id: "x".repeat(64) } }, { exit: 1, stderr: "spec.id" }),
        applyObject(
          { ...tenant, spec: { namespace: [] } },
          { exit: 1, stderr: 'unknown field "spec.namespace"' },
        ),
        applyObject(
          { ...grant, spec: { providers: [{ agent: "parcel" }] } },
          {
            exit: 1,
            stderr: "spec.providers[0].namespace: Required value",
          },
        ),
        applyObject({ ...grant, spec: { versions: "9".repeat(257) } }, { exit: 1, stderr: "spec.versions" }),
      ],
    },
    {
      name: "kubectl get by short name, category and several kinds",
      steps: [
        post(channels, channel("web", ">=1.0.0")),
        post(agents, agent("parcel")),
        kubectl("get ch,ag", { stdout: "channel.lmos.eclipse/web" }),
        // Tenants and grants have no namespace: those of other cases are shown, too.
        kubectl("get lmos", {
          stdout: "agent.lmos.eclipse/parcel",
          compare: /^(agent|channel)/,
        }),
        kubectl("get channels.v1.lmos.eclipse web -o name"),
        kubectl("get agents,channels,channelroutings -A --field-selector metadata.namespace=<ns>"),
      ],
    },
    {
      name: "kubectl get with selectors, sorting and chunks",
      steps: [
        ...["c", "a", "b"].map((name, index) =>
          post(widgets, widget(name, { size: index }, { labels: { n: name } })),
        ),
        kubectl("get widgets -l 'n in (a,b)'"),
        kubectl("get widgets --sort-by=.spec.size"),
        kubectl("get widgets --chunk-size=1"),
        kubectl("get widgets --field-selector metadata.name=c"),
      ],
    },
    {
      name: "kubectl get -w shows changes as they come",
      steps: [
        post(widgets, widget("a", { size: 1 })),
        kubectl("get widgets -w", {
          follow: {
            lines: 2,
            during: [
              mergePatch(`${widgets}/a`, { spec: { size: 2 } }),
              post(widgets, widget("b", { size: 3 })),
            ],
            moreLines: 2,
          },
        }),
        post(channels, channel("web", ">=1.0.0")),
        kubectl("get channels -w", { follow: { lines: 2, during: [resolved], moreLines: 1 } }),
      ],
    },
    {
      name: "kubectl wait for a condition, a field and a deletion",
      steps: [
        post(channels, channel("web", ">=1.0.0")),
        resolved,
        kubectl("wait --for=condition=Resolved channel/web --timeout=5s", { stdout: "condition met" }),
        kubectl("wait --for=jsonpath={.status.resolveStatus}=RESOLVED channel/web --timeout=5s"),
        kubectl("wait --for=condition=Other channel/web --timeout=1s", { exit: 1, stderr: "timed out" }),
        kubectl("delete channel web --wait=false"),
        kubectl("wait --for=delete channel/web --timeout=5s"),
      ],
    },
    {
      name: "kubectl create, replace and their errors",
      steps: [
        kubectl("create configmap a --from-literal=k=v", { stdout: "configmap/a created" }),
        kubectl("create configmap a --from-literal=k=v", { exit: 1, stderr: "already exists" }),
        kubectl("replace -f -", { input: yaml(configMap("a", { k: "w" })), stdout: "replaced" }),
        kubectl("replace -f -", { input: yaml(configMap("none", {})), exit: 1, stderr: "NotFound" }),
        kubectl("create namespace <ns>-more", { stdout: "namespace/<ns>-more created" }),
        kubectl("create namespace <ns>-more", { exit: 1 }),
      ],
    },
    {
      name: "kubectl create of a Deployment, scale and rollout status",
      steps: [
        kubectl("create deployment web --image=registry.example/main:1 --replicas=2", {
          stdout: "deployment.apps/web created",
        }),
        kubectl("get deployment web"),
        kubectl("scale deployment web --replicas=3", { stdout: "scaled" }),
        kubectl("scale deployment web --current-replicas=9 --replicas=1", { exit: 1 }),
        kubectl("rollout status deployment web --timeout=1s", { exit: 1, compare: "nothing" }),
        mergePatch(
          `${deployments}/web/status`,
          {
            status: {
              observedGeneration: 2,
              replicas: 3,
              updatedReplicas: 3,
              readyReplicas: 3,
              availableReplicas: 3,
              conditions: [{ type: "Available", status: "True" }],
            },
          },
          { compare: "status" },
        ),
        kubectl("rollout status deployment web --timeout=5s", { stdout: "successfully rolled out" }),
        kubectl("get deployment web -o wide"),
        kubectl("wait --for=condition=Available deployment/web --timeout=5s"),
      ],
    },
    {
      name: "kubectl set image, rollout restart and describe of a Deployment",
      steps: [
        post(deployments, deployment("web")),
        kubectl("set image deployment/web main=registry.example/main:2", { stdout: "image updated" }),
        kubectl("rollout restart deployment/web", { stdout: "restarted" }),
        kubectl("rollout pause deployment/web", { stdout: "paused" }),
        kubectl("rollout resume deployment/web", { stdout: "resumed" }),
        kubectl("describe deployment web", { stdout: "StrategyType:" }),
        kubectl("set env deployment/web A=1", { stdout: "env updated" }),
      ],
    },
    {
      name: "kubectl apply and get of a Deployment",
      steps: [
        applyObject(deployment("web"), { stdout: "deployment.apps/web created" }),
        applyObject(deployment("web"), { stdout: "unchanged" }),
        applyObject(deployment("web", {}, { replicas: 4 }), { stdout: "configured" }),
        kubectl("get deployment web -o yaml"),
        kubectl("apply --server-side -f -", { input: yaml(deployment("web", {}, { replicas: 5 })) }),
        kubectl("apply --server-side --field-manager=other -f -", {
          input: yaml(deployment("web", {}, { replicas: 6 })),
          exit: 1,
          stderr: "conflict",
        }),
        kubectl("apply --server-side --field-manager=other --force-conflicts -f -", {
          input: yaml(deployment("web", {}, { replicas: 6 })),
        }),
        kubectl("get deployment web -o yaml --show-managed-fields"),
      ],
    },
    {
      name: "kubectl apply removes what the file no longer has",
      steps: [
        applyObject(channel("web", ">=1.0.0", { annotations: { a: "1", b: "2" } })),
        applyObject(channel("web", ">=2.0.0", { annotations: { a: "1" } }), { stdout: "configured" }),
        get(`${channels}/web`, {
          holds: { "metadata.annotations.a": "1", "spec.requiredCapabilities[0].version": ">=2.0.0" },
        }),
      ],
    },
    {
      name: "kubectl apply --prune deletes what is no longer given",
      steps: [
        applyObject(configMap("a", {}, { labels: { set: "x" } })),
        applyObject(configMap("b", {}, { labels: { set: "x" } })),
        kubectl("apply --prune -l set=x --prune-allowlist=core/v1/ConfigMap -f -", {
          input: yaml(configMap("a", {}, { labels: { set: "x" } })),
          stdout: "configmap/b pruned",
        }),
      ],
    },
    {
      name: "kubectl tells an unknown field",
      steps: [
        applyObject(
          { ...channel("web", ">=1.0.0"), spec: { requiredCapabilities: [], tone: "cerise" } },
          { exit: 1, stderr: 'unknown field "spec.tone"' },
        ),
        applyObject(
          { ...channel("web", ">=1.0.0"), spec: { requiredCapabilities: [], tone: "cerise" } },
          { exit: 0, stdout: "created", input: yaml({ ...channel("web", ">=1.0.0") }) },
        ),
        kubectl("apply --validate=warn -f -", {
          input: yaml({ ...channel("more", ">=1.0.0"), spec: { requiredCapabilities: [], tone: "cerise" } }),
          stderr: "Warning: unknown field",
        }),
        kubectl("apply --validate=ignore -f -", {
          input: yaml({ ...channel("less", ">=1.0.0"), spec: { requiredCapabilities: [], tone: "cerise" } }),
        }),
      ],
    },
    {
      name: "kubectl tells why an object is invalid",
      steps: [
        applyObject(
          { ...channel("web", ">=1.0.0"), spec: { requiredCapabilities: [{ id: "x" }] } },
          { exit: 1, stderr: "Required value" },
        ),
        applyObject(widget("a", { size: 1000 }), { exit: 1, stderr: "should be less than or equal to 100" }),
        applyObject(configMap("Bad_Name", {}), { exit: 1, stderr: "Invalid value" }),
      ],
    },
    {
      name: "kubectl dry runs",
      steps: [
        applyObject(channel("web", ">=1.0.0"), { stdout: "created" }),
        kubectl("apply --dry-run=server -f -", {
          input: yaml(channel("web", ">=2.0.0")),
          stdout: "(server dry run)",
        }),
        kubectl("apply --dry-run=client -f -", {
          input: yaml(channel("web", ">=2.0.0")),
          stdout: "(dry run)",
        }),
        kubectl("delete channel web --dry-run=server", { stdout: "(server dry run)" }),
        get(`${channels}/web`, { holds: { "spec.requiredCapabilities[0].version": ">=1.0.0" } }),
      ],
    },
    {
      name: "kubectl delete of several, by label, in cascade modes",
      steps: [
        ...["a", "b", "c"].map((name) =>
          post(configMaps, configMap(name, {}, { labels: { set: name === "c" ? "y" : "x" } })),
        ),
        kubectl("delete configmap -l set=x", { stdout: 'configmap "a" deleted' }),
        kubectl("delete configmap c --cascade=orphan"),
        kubectl("delete configmap none --ignore-not-found"),
        kubectl("delete configmap none", { exit: 1, stderr: "NotFound" }),
      ],
    },
    {
      name: "kubectl scale of a custom object",
      steps: [
        post(widgets, widget("a", { replicas: 1 })),
        kubectl("scale widget a --replicas=4", { stdout: "scaled" }),
        get(`${widgets}/a`, { holds: { "spec.replicas": 4 } }),
      ],
    },
    {
      name: "kubectl patch and edit of the status subresource",
      steps: [
        post(channels, channel("web", ">=1.0.0")),
        kubectl(
          `patch channel web --subresource=status --type merge -p '{"status":{"resolveStatus":"UNRESOLVED"}}'`,
          { stdout: "patched" },
        ),
        kubectl("get channel web --subresource=status"),
        kubectl("edit channel web --subresource=status", {
          editor: "sed -i s/UNRESOLVED/RESOLVED/",
          stdout: "edited",
        }),
        get(`${channels}/web`, { holds: { "status.resolveStatus": "RESOLVED" } }),
      ],
    },
    {
      name: "kubectl edit that is refused keeps the object",
      steps: [
        post(widgets, widget("a", { size: 1 })),
        kubectl("edit widget a", { editor: "sed -i s/size:.1$/size:\\ 1000/", exit: 1, compare: "nothing" }),
        get(`${widgets}/a`, { holds: { "spec.size": 1 } }),
      ],
    },
    {
      name: "kubectl describe shows events",
      steps: [
        post(channels, channel("web", ">=1.0.0"), { save: { uid: "metadata.uid" } }),
        post("/api/v1/namespaces/<ns>/events", {
          apiVersion: "v1",
          kind: "Event",
          metadata: { name: "web.1" },
          involvedObject: {
            apiVersion: "lmos.eclipse/v1",
            kind: "Channel",
            name: "web",
            namespace: "<ns>",
            uid: "<uid>",
          },
          reason: "Resolved",
          message: "Everything is provided",
          type: "Normal",
          firstTimestamp: "2026-01-01T00:00:00Z",
          lastTimestamp: "2026-01-01T00:00:00Z",
          count: 1,
          source: { component: "operator" },
        }),
        kubectl("describe channel web", { stdout: "Everything is provided" }),
        kubectl("events --for channel/web", { stdout: "Resolved" }),
      ],
    },
    {
      name: "kubectl version tells both versions",
      steps: [kubectl("version", { stdout: "Server Version: v1.34", compare: "nothing" })],
    },
    {
      name: "kubectl cluster-info tells the address",
      steps: [kubectl("cluster-info", { stdout: "is running at", compare: "nothing" })],
    },
  ],
};

import { type Area, present } from "../conformance/case.ts";
import { configMaps, leases, pods } from "../conformance/objects.ts";
import { get, kubectl, mergePatch, post, put } from "../conformance/steps.ts";

const events = "/api/v1/namespaces/<ns>/events";
const newEvents = "/apis/events.k8s.io/v1/namespaces/<ns>/events";
const regarding = { apiVersion: "v1", kind: "ConfigMap", name: "a", namespace: "<ns>" };

const lease = (spec: object = {}) => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "leader" },
  spec: { holderIdentity: "one", leaseDurationSeconds: 15, ...spec },
});

const review = (attributes: Record<string, string>) => ({
  apiVersion: "authorization.k8s.io/v1",
  kind: "SelfSubjectAccessReview",
  spec: { resourceAttributes: attributes },
});

/** Kinds with rules of their own. */
export const kindCases: Area = {
  title: "Events, leases and reviews",
  cases: [
    {
      name: "an event of the old group is seen in the new one",
      steps: [
        post(events, {
          apiVersion: "v1",
          kind: "Event",
          metadata: { name: "a.1" },
          involvedObject: regarding,
          reason: "Tested",
          message: "It was tested",
          type: "Normal",
          count: 1,
          source: { component: "test" },
          firstTimestamp: "2026-01-01T00:00:00Z",
          lastTimestamp: "2026-01-01T00:00:00Z",
        }),
        get(`${newEvents}/a.1`, { holds: { note: "It was tested", "regarding.name": "a" } }),
      ],
    },
    {
      name: "an event of the new group is seen in the old one",
      steps: [
        post(newEvents, {
          apiVersion: "events.k8s.io/v1",
          kind: "Event",
          metadata: { name: "a.2" },
          regarding,
          reason: "Tested",
          note: "It was tested",
          type: "Warning",
          action: "Testing",
          reportingController: "conformance.example/test",
          reportingInstance: "test-1",
          eventTime: "2026-01-01T00:00:00.000000Z",
        }),
        get(`${events}/a.2`, { holds: { message: "It was tested", "involvedObject.name": "a" } }),
      ],
    },
    {
      name: "an event of the new group needs its members",
      steps: [
        post(
          newEvents,
          { apiVersion: "events.k8s.io/v1", kind: "Event", metadata: { name: "a.3" }, regarding },
          { status: 422, compare: "reason" },
        ),
      ],
    },
    {
      name: "events are selected by what they are about",
      steps: [
        post(events, {
          apiVersion: "v1",
          kind: "Event",
          metadata: { name: "a.4" },
          involvedObject: regarding,
          reason: "Tested",
          type: "Normal",
        }),
        get(`${events}?fieldSelector=involvedObject.name=a,reason=Tested`, {
          holds: { items: { length: 1 } },
        }),
        get(`${events}?fieldSelector=involvedObject.name=b`, { holds: { items: { length: 0 } } }),
        get(`${newEvents}?fieldSelector=regarding.name=a`, { holds: { items: { length: 1 } } }),
      ],
    },
    {
      name: "kubectl events and get events show an event",
      steps: [
        post(events, {
          apiVersion: "v1",
          kind: "Event",
          metadata: { name: "a.5" },
          involvedObject: regarding,
          reason: "Tested",
          message: "It was tested",
          type: "Normal",
          firstTimestamp: "2026-01-01T00:00:00Z",
          lastTimestamp: "2026-01-01T00:00:00Z",
        }),
        kubectl("get events", { stdout: "It was tested" }),
        kubectl("events", { stdout: "ConfigMap/a" }),
      ],
    },
    {
      name: "a lease is taken, renewed and lost by its version",
      steps: [
        post(leases, lease(), { save: { version: "metadata.resourceVersion" } }),
        put(`${leases}/leader`, {
          ...lease({ renewTime: "2026-01-01T00:00:00.123456Z", leaseTransitions: 1 }),
          metadata: { name: "leader", resourceVersion: "<version>" },
        }),
        put(
          `${leases}/leader`,
          { ...lease({ holderIdentity: "two" }), metadata: { name: "leader", resourceVersion: "<version>" } },
          { status: 409 },
        ),
        get(`${leases}/leader`, { holds: { "spec.holderIdentity": "one" } }),
      ],
    },
    {
      name: "micro times have six places",
      steps: [
        post(leases, lease({ renewTime: "2026-01-01T00:00:00.000000Z" }), {
          holds: { "spec.renewTime": "2026-01-01T00:00:00.000000Z" },
        }),
        mergePatch(
          `${leases}/leader`,
          { spec: { renewTime: "2026-01-01T00:00:00Z" } },
          { status: 422, compare: "status" },
        ),
      ],
    },
    {
      name: "a lease of a negative duration is refused",
      steps: [post(leases, lease({ leaseDurationSeconds: -1 }), { status: 422 })],
    },
    {
      name: "an administrator may do everything",
      steps: [
        post(
          "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
          review({ namespace: "<ns>", verb: "create", group: "lmos.eclipse", resource: "channels" }),
          { holds: { "status.allowed": true }, compare: ["kind", "status.allowed"] },
        ),
      ],
    },
    {
      name: "kubectl auth can-i",
      steps: [
        kubectl("auth can-i create channels.lmos.eclipse", { stdout: "yes" }),
        kubectl("auth can-i '*' '*'", { stdout: "yes" }),
        kubectl("auth can-i get configmaps -n other", { stdout: "yes" }),
      ],
    },
    {
      name: "a Pod is stored Pending and completed",
      steps: [
        post(
          pods,
          {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name: "p" },
            spec: { containers: [{ name: "main", image: "registry.example/main:1" }] },
          },
          {
            holds: { "status.phase": "Pending", "spec.restartPolicy": "Always", "metadata.uid": present },
            compare: ["status.phase", "spec.containers", "spec.restartPolicy", "spec.dnsPolicy"],
          },
        ),
        get(`${pods}?fieldSelector=status.phase=Pending`, {
          holds: { items: { length: 1 } },
          compare: "status",
        }),
        get(`${pods}?fieldSelector=spec.nodeName=none`, { holds: { items: { length: 0 } } }),
      ],
    },
    {
      name: "a review is not stored",
      steps: [
        get("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
          status: 405,
          compare: "reason",
        }),
        get(configMaps, { holds: { items: [] } }),
      ],
    },
  ],
};

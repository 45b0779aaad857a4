import type { Area } from "../conformance/case.ts";
import { configMaps } from "../conformance/objects.ts";
import { get, kubectl, post } from "../conformance/steps.ts";

/** What the embedded server leaves out on purpose: each case holds on the real one only. */
export const leftOutCases: Area = {
  title: "What is left out",
  cases: [
    {
      name: "a user without a role is refused",
      difference: "roles are stored, not evaluated: whoever has the token may do everything",
      steps: [get(configMaps, { headers: { "Impersonate-User": "nobody" }, status: 403, compare: "reason" })],
    },
    {
      name: "a user's rules can be listed",
      difference: "without roles there are no rules to list",
      steps: [kubectl("auth can-i --list", { stdout: "Resources" })],
    },
    {
      name: "OpenAPI v2 is served",
      difference: "kubectl reads v3 since 1.28; nothing else of ours reads v2",
      steps: [get("/openapi/v2", { compare: ["swagger"] })],
    },
    {
      name: "answers come as protobuf",
      difference:
        "it reads protobuf, because kubectl sends it, and answers with JSON or YAML, which every client takes",
      steps: [
        get(configMaps, { headers: { Accept: "application/vnd.kubernetes.protobuf" }, compare: "status" }),
      ],
    },
    {
      name: "kinds that nothing of ours uses are served",
      difference: "only the built-in kinds that our manifests and controllers use are served",
      steps: [get("/apis/batch/v1/namespaces/<ns>/jobs", { compare: ["kind"] })],
    },
    {
      name: "admission webhooks can be configured",
      difference: "admission beyond schemas and CEL rules is out of scope; it is tested on the real server",
      steps: [
        get("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", { compare: ["kind"] }),
      ],
    },
    {
      name: "service accounts get tokens",
      difference: "the one token of the kubeconfig is the only credential",
      steps: [
        post(
          "/api/v1/namespaces/<ns>/serviceaccounts",
          { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "robot" } },
          { compare: "status" },
        ),
        post(
          "/api/v1/namespaces/<ns>/serviceaccounts/robot/token",
          { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
          { compare: ["kind"] },
        ),
      ],
    },
  ],
};

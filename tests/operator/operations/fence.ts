/** The fence of the manifests, for one namespace of a test. */
import { readFile } from "node:fs/promises";
import type { KubeClient, KubeObject } from "@lmos/kube";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { pause } from "../../faults/harness/eventually.ts";
import { looseType } from "../../faults/harness/widgets-world.ts";
import { applyObject } from "./scene.ts";

const file = new URL("../../../deploy/kubernetes/base/routing-fence.yaml", import.meta.url);
const { signal } = new AbortController();
const group = "admissionregistration.k8s.io";
const kinds = {
  ValidatingAdmissionPolicy: "validatingadmissionpolicies",
  ValidatingAdmissionPolicyBinding: "validatingadmissionpolicybindings",
} as const;

const documentSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.enum(["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"]),
  metadata: z.object({ name: z.string() }),
  spec: z.looseObject({}),
});

/**
 * kube-apiserver 1.34 sees no Lease any more once the last policy with Leases as parameters was deleted, until it is
 * started again (seen). This policy, which matches nothing, stays.
 */
export async function keepLeasesSeen(client: KubeClient): Promise<void> {
  const name = "lmos-suites";
  const nothing = {
    apiGroups: ["nothing.test"],
    apiVersions: ["*"],
    operations: ["CREATE"],
    resources: ["*"],
  };
  const specs = {
    ValidatingAdmissionPolicy: {
      paramKind: { apiVersion: "coordination.k8s.io/v1", kind: "Lease" },
      matchConstraints: { resourceRules: [nothing] },
      validations: [{ expression: "true" }],
    },
    ValidatingAdmissionPolicyBinding: {
      policyName: name,
      paramRef: { name, namespace: "default", parameterNotFoundAction: "Allow" },
      validationActions: ["Deny"],
    },
  };
  for (const kind of ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"] as const) {
    const object: KubeObject & { readonly spec: object } = {
      apiVersion: `${group}/v1`,
      kind,
      metadata: { name },
      spec: specs[kind],
    };
    await applyObject(client, looseType({ group, kind, plural: kinds[kind], namespaced: false }), object);
  }
}

/** Applies it, looking at the Lease of that namespace and at writes there only; the function returned takes it away. */
export async function installFence(client: KubeClient, namespace: string): Promise<() => Promise<void>> {
  await keepLeasesSeen(client);
  const documents = parseAllDocuments(await readFile(file, "utf8")).map((one) =>
    documentSchema.parse(one.toJS()),
  );
  const name = `lmos-${namespace}`;
  for (const document of documents) {
    const { kind } = document;
    const narrowed: KubeObject & { readonly spec: object } = {
      ...document,
      metadata: { name },
      spec: kind === "ValidatingAdmissionPolicy" ? document.spec : narrow(document.spec, namespace, name),
    };
    await applyObject(client, looseType({ group, kind, plural: kinds[kind], namespaced: false }), narrowed);
  }
  await pause(3_000); // the server looks at its policies once a second
  return async () => {
    for (const [kind, plural] of Object.entries(kinds)) {
      await client.delete(looseType({ group, kind, plural, namespaced: false }), { name }, { signal });
    }
  };
}

function narrow(spec: object, namespace: string, name: string): object {
  const labels = { "kubernetes.io/metadata.name": namespace };
  return {
    ...spec,
    policyName: name,
    paramRef: { name: "lmos-operator", namespace, parameterNotFoundAction: "Allow" },
    matchResources: { namespaceSelector: { matchLabels: labels } },
  };
}

/** The Agent that a Deployment's document asks for. */
import type { CapabilitiesDocument } from "@lmos/protocol";
import { agentLabel, apiVersion, type Deployment, subsetLabel, subsetOf } from "@lmos/resources";
import { namespaceOf } from "../stores.ts";

/** The Agent: named like its Deployment and owned by it, so that it goes when that goes. The document's id is ignored. */
export function buildAgent(deployment: Deployment, document: CapabilitiesDocument) {
  const { name, uid } = deployment.metadata;
  return {
    apiVersion,
    kind: "Agent",
    metadata: {
      name,
      namespace: namespaceOf(deployment),
      labels: { [agentLabel]: "true", [subsetLabel]: subsetOf(deployment) },
      ownerReferences: [
        {
          apiVersion: deployment.apiVersion,
          kind: deployment.kind,
          name,
          uid: uid ?? "",
          controller: true,
          blockOwnerDeletion: false,
        },
      ],
    },
    spec: {
      id: name,
      description: document.description,
      supportedTenants: document.supportedTenants,
      supportedChannels: document.supportedChannels,
      providedCapabilities: document.capabilities,
    },
  };
}

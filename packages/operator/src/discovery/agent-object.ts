/** The Agent that a workload's document asks for. */
import type { CapabilitiesDocument } from "@lmos/protocol";
import { agentLabel, apiVersion, subsetLabel, subsetOf, type Workload } from "@lmos/resources";
import { namespaceOf } from "../stores.ts";

/** The Agent: named like its workload and owned by it, so that it goes when that goes. The document's id is ignored. */
export function buildAgent(workload: Workload, document: CapabilitiesDocument) {
  const { name, uid } = workload.metadata;
  return {
    apiVersion,
    kind: "Agent",
    metadata: {
      name,
      namespace: namespaceOf(workload),
      labels: { [agentLabel]: "true", [subsetLabel]: subsetOf(workload) },
      ownerReferences: [
        {
          apiVersion: workload.apiVersion,
          kind: workload.kind,
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

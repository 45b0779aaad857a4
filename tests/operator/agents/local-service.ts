/** The Service of an agent that is a process of this machine. */
import { formatLocalEndpoints, localEndpointsAnnotation } from "@lmos/resources";

/** Selects the pods of that name, and leads to that port of the loopback interface. */
export function localService(namespace: string, name: string, targetPort: number) {
  const endpoints = formatLocalEndpoints([{ address: "127.0.0.1", port: 8080, targetPort }]);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, annotations: { [localEndpointsAnnotation]: endpoints } },
    spec: { selector: { app: name }, ports: [{ port: 8080 }] },
  };
}

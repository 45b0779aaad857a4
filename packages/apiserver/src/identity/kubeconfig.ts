import { stringify } from "yaml";

/** The kubeconfig text (YAML) with which kubectl reaches a server: one context, `lmos`, namespace `default`. */
export function kubeconfigText(server: {
  readonly url: string;
  readonly certificateAuthority: string;
  readonly token: string;
}): string {
  const authority = Buffer.from(server.certificateAuthority).toString("base64");
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "lmos", cluster: { server: server.url, "certificate-authority-data": authority } }],
      users: [{ name: "lmos", user: { token: server.token } }],
      contexts: [{ name: "lmos", context: { cluster: "lmos", user: "lmos", namespace: "default" } }],
      "current-context": "lmos",
    },
    { lineWidth: 0 },
  );
}

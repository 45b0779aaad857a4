import type { KubeClient } from "@lmos/kube";
import { localEndpointsOf, serviceKind } from "@lmos/resources";
import { CliError } from "./errors.ts";

/** Namespace of the laptop's own components. */
export const systemNamespace = "lmos-system";

/** URL of a component (its Service's name) of the laptop cluster, or undefined while none of its processes is ready. */
export async function findComponentUrl(
  client: Pick<KubeClient, "get">,
  service: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<string | undefined> {
  const found = await client.get(serviceKind, { namespace: systemNamespace, name: service }, { signal });
  const endpoint = found === undefined ? undefined : localEndpointsOf(found)[0];
  return endpoint === undefined ? undefined : `http://${endpoint.address}:${endpoint.targetPort}`;
}

/** Which of a runtime's addresses a command needs, and the option that names it; on a laptop they are one. */
export const runtimeAddress = {
  users: { option: "--runtime", port: 8081 },
  operators: { option: "--management", port: 9090 },
} as const;

/** URL of the laptop cluster's runtime; an error that says how to name another one where there is none. */
export async function runtimeUrl(
  client: Pick<KubeClient, "get">,
  { option, port }: (typeof runtimeAddress)[keyof typeof runtimeAddress],
  options: { readonly signal: AbortSignal },
): Promise<string> {
  const url = await findComponentUrl(client, "lmos-runtime", options);
  if (url !== undefined) return url;
  throw new CliError(
    "Unreachable",
    `no runtime is ready here: in a cluster run \`kubectl port-forward service/lmos-runtime ${port}\` and add ${option} http://127.0.0.1:${port}`,
  );
}

/** Credentials from exec plugins and auth providers (OIDC and others), which `@kubernetes/client-node` knows. */
import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { errorMessage, isRecord } from "@lmos/primitives";
import { kubernetesLibrary } from "./client-library.ts";
import type { Credentials } from "./connection.ts";
import { KubeError } from "./errors.ts";
import type { Configuration } from "./kubeconfig.ts";
import { readPem, serverChecks } from "./read-credentials.ts";

/** Whether the user's credentials come from elsewhere than files. */
export function usesPlugin({ user }: Configuration): boolean {
  return isRecord(user["exec"]) || isRecord(user["auth-provider"]);
}

/** Asks the plugin, which remembers its answer until it expires; throws `Unauthorized` when it fails. */
export function pluginCredentials(configuration: Configuration): () => Promise<Credentials> {
  let config: KubeConfig | undefined;
  return async () => {
    const request: RequestOptions = { headers: {} };
    try {
      config ??= libraryConfig(configuration);
      await config.applyToHTTPSOptions(request);
      const certificateAuthority = await readPem(configuration.cluster, "certificate-authority");
      return {
        ...serverChecks(configuration),
        headers: headersOf(request),
        certificateAuthority,
        clientCertificate: pem(request.cert),
        clientKey: pem(request.key),
      };
    } catch (error) {
      throw new KubeError("Unauthorized", `no credentials: ${errorMessage(error)}`, { cause: error });
    }
  };
}

/** The same user for the library, before a server that it will not call. */
function libraryConfig({ server, user }: Configuration): KubeConfig {
  const config = new (kubernetesLibrary().KubeConfig)();
  const { exec, "auth-provider": provider, as: impersonated } = user;
  config.loadFromString(
    JSON.stringify({
      "current-context": "one",
      clusters: [{ name: "one", cluster: { server, "insecure-skip-tls-verify": true } }],
      users: [
        {
          name: "one",
          user: { exec: withPluginInfo(exec), "auth-provider": provider, as: impersonated },
        },
      ],
      contexts: [{ name: "one", context: { cluster: "one", user: "one" } }],
    }),
  );
  return config;
}

/** What kubectl does and the library does not: a plugin learns from a variable which API it is to answer in. */
function withPluginInfo(exec: unknown): unknown {
  if (!isRecord(exec)) return undefined;
  const given = Array.isArray(exec["env"]) ? exec["env"] : [];
  const info = { apiVersion: exec["apiVersion"], kind: "ExecCredential", spec: { interactive: false } };
  const env = [...given, { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) }];
  return { ...exec, env };
}

function headersOf({ headers }: RequestOptions): Record<string, string> {
  const given = Object.entries({ ...headers });
  return Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), String(value).trim()]));
}

function pem(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return Buffer.isBuffer(value) ? value.toString("utf8") : undefined;
}

/** Credentials that stand in a configuration or in files that it names: certificates, tokens, passwords. */
import { readFile } from "node:fs/promises";
import { errorMessage } from "@lmos/primitives";
import type { Credentials } from "./connection.ts";
import { textOf } from "./decode.ts";
import { KubeError } from "./errors.ts";
import type { Configuration } from "./kubeconfig.ts";

/** Reads the files as they are now; throws `Unauthorized` when that fails. */
export async function readCredentials(configuration: Configuration): Promise<Credentials> {
  const { cluster, user } = configuration;
  try {
    const [certificateAuthority, clientCertificate, clientKey, headers] = await Promise.all([
      readPem(cluster, "certificate-authority"),
      readPem(user, "client-certificate"),
      readPem(user, "client-key"),
      readHeaders(configuration),
    ]);
    const server = serverChecks(configuration);
    return { ...server, headers, certificateAuthority, clientCertificate, clientKey };
  } catch (error) {
    throw new KubeError("Unauthorized", `no credentials: ${errorMessage(error)}`, { cause: error });
  }
}

/** How the server proves who it is. */
export function serverChecks({ cluster }: Configuration): Pick<Credentials, "serverName" | "verifyServer"> {
  return {
    serverName: textOf(cluster["tls-server-name"]),
    verifyServer: cluster["insecure-skip-tls-verify"] !== true,
  };
}

/** A PEM text that stands in an entry as base64 under `name-data`, or in the file that `name` names. */
export async function readPem(entry: Configuration["user"], name: string): Promise<string | undefined> {
  const data = textOf(entry[`${name}-data`]);
  if (data) return Buffer.from(data, "base64").toString("utf8");
  const path = textOf(entry[name]);
  return path ? readFile(path, "utf8") : undefined;
}

async function readHeaders({ user }: Configuration): Promise<Record<string, string>> {
  const impersonated = textOf(user["as"]);
  const authorization = await readAuthorization(user);
  return {
    ...(authorization !== undefined && { authorization }),
    ...(impersonated !== undefined && { "impersonate-user": impersonated }),
  };
}

/** A token in a file comes before one in the kubeconfig, as with kubectl: somebody keeps it fresh. */
async function readAuthorization(user: Configuration["user"]): Promise<string | undefined> {
  const tokenFile = textOf(user["tokenFile"]);
  const token = tokenFile ? await readFile(tokenFile, "utf8") : textOf(user["token"]);
  if (token) return `Bearer ${token.trim()}`; // a file usually ends with a line break
  const username = textOf(user["username"]);
  if (!username) return undefined;
  return `Basic ${Buffer.from(`${username}:${textOf(user["password"]) ?? ""}`).toString("base64")}`;
}

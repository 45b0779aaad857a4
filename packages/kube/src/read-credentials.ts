/** The credentials of a configuration's current user, as of now. */
import type { RequestOptions } from "node:https";
import { errorMessage, isRecord } from "@lmos/primitives";
import type { Credentials } from "./connection.ts";
import { KubeError } from "./errors.ts";
import type { Configuration } from "./load-connection.ts";
import { readBearer } from "./token-file.ts";

/** Reads files and runs plugins as the configuration says; throws `Unauthorized` when that fails. */
export async function readCredentials(configuration: Configuration): Promise<Credentials> {
  try {
    return await readAll(configuration);
  } catch (error) {
    throw new KubeError("Unauthorized", `no credentials: ${errorMessage(error)}`, { cause: error });
  }
}

async function readAll({ config, tokenFiles }: Configuration): Promise<Credentials> {
  const request: RequestOptions = { headers: {} };
  const user = config.getCurrentUser();
  const tokenFile = tokenFiles.get(user?.name ?? "");
  if (isRecord(user?.exec)) addPluginInfo(user.exec);
  await config.applyToHTTPSOptions(request);
  const headers = headersOf(request);
  return {
    headers: tokenFile === undefined ? headers : { ...headers, authorization: await readBearer(tokenFile) },
    certificateAuthority: pem(request.ca),
    clientCertificate: pem(request.cert),
    clientKey: pem(request.key),
    serverName: request.servername,
    verifyServer: request.rejectUnauthorized ?? true,
  };
}

const pluginInfo = "KUBERNETES_EXEC_INFO";

/** Plugins learn from this variable which API they are to answer in; the library does not set it. */
function addPluginInfo(exec: Record<string, unknown>): void {
  const given = Array.isArray(exec["env"]) ? exec["env"] : [];
  if (given.some((variable) => isRecord(variable) && variable["name"] === pluginInfo)) return;
  const info = { apiVersion: exec["apiVersion"], kind: "ExecCredential", spec: { interactive: false } };
  exec["env"] = [...given, { name: pluginInfo, value: JSON.stringify(info) }];
}

function headersOf({ headers, auth }: RequestOptions): Record<string, string> {
  const basic = auth ? { authorization: `Basic ${Buffer.from(auth).toString("base64")}` } : {};
  const given = Object.entries({ ...headers }).map(([name, value]) => [
    name.toLowerCase(),
    String(value).trim(),
  ]);
  return { ...basic, ...Object.fromEntries(given) };
}

function pem(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return Buffer.isBuffer(value) ? value.toString("utf8") : undefined;
}

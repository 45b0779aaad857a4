/** An account with the rights of a Widget controller on a real API server, and its tokens. */
import { once } from "node:events";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { z } from "zod";
import type { ServerAccess } from "./access.ts";
import { looseType, type WidgetsWorld } from "./widgets-world.ts";

const { signal } = new AbortController();
const name = "widget-controller";
const accounts = looseType({ group: "", kind: "ServiceAccount", plural: "serviceaccounts" });
const rbac = "rbac.authorization.k8s.io";
const roles = looseType({ group: rbac, kind: "Role", plural: "roles" });
const bindings = looseType({ group: rbac, kind: "RoleBinding", plural: "rolebindings" });
const fieldManager = "faults";

/** Makes the account, a new one where it exists already, and gives a token for it. */
export async function createServiceAccount(server: ServerAccess, world: WidgetsWorld): Promise<string> {
  const { client, namespace } = world;
  await client.delete(accounts, { name, namespace }, { signal });
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } };
  await client.create(accounts, account, { signal });
  return requestToken(server, { namespace, name });
}

/** Lets the account do what the controller has to do. */
export async function permit({ client, namespace }: WidgetsWorld): Promise<void> {
  const meta = { apiVersion: `${rbac}/v1`, metadata: { name, namespace } };
  const verbs = ["get", "list", "watch", "create", "update", "patch", "delete"];
  const rules = [
    { apiGroups: [""], resources: ["configmaps"], verbs },
    { apiGroups: ["faults.test"], resources: ["widgets", "widgets/status"], verbs },
  ];
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  const roleRef = { apiGroup: rbac, kind: "Role", name };
  const write = { fieldManager, force: true, signal };
  await client.apply(roles, { ...meta, kind: "Role", ...{ rules } }, write);
  await client.apply(bindings, { ...meta, kind: "RoleBinding", ...{ subjects, roleRef } }, write);
}

/** Withdraws that. */
export async function forbid({ client, namespace }: WidgetsWorld): Promise<void> {
  await client.delete(bindings, { name, namespace }, { signal });
}

const tokenSchema = z.object({ status: z.object({ token: z.string() }) });

/** A token of a service account. */
export async function requestToken(
  { url, token, certificateAuthority }: ServerAccess,
  account: { readonly namespace: string; readonly name: string },
): Promise<string> {
  const path = `/api/v1/namespaces/${account.namespace}/serviceaccounts/${account.name}/token`;
  const sent = request(new URL(path, url), {
    method: "POST",
    ca: certificateAuthority,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
  });
  const answered = once(sent, "response");
  sent.end(JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} }));
  const [answer] = await answered;
  return tokenSchema.parse(JSON.parse(await text(answer))).status.token;
}

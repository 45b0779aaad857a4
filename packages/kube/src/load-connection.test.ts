import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConnection } from "./load-connection.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const kubeconfig = `
apiVersion: v1
kind: Config
current-context: token
clusters:
- {name: one, cluster: {server: "https://one.test:6443/", certificate-authority-data: ${base64("the CA")}, tls-server-name: kube.test}}
- {name: two, cluster: {server: "https://two.test", insecure-skip-tls-verify: true}}
- {name: proxied, cluster: {server: "https://three.test", proxy-url: "http://proxy.test"}}
- {name: nonsense, cluster: {server: "not a url"}}
users:
- {name: token, user: {token: secret}}
- {name: certificate, user: {client-certificate-data: ${base64("the certificate")}, client-key-data: ${base64("the key")}}}
- {name: basic, user: {username: me, password: word}}
- {name: plugin, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: /bin/echo, args: ['{"status": {"token": "from the plugin"}}']}}}
- {name: in-groups, user: {token: secret, as: me, as-groups: [admins]}}
- {name: no-plugin, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: /no/such/program}}}
contexts:
- {name: token, context: {cluster: one, user: token, namespace: home}}
- {name: certificate, context: {cluster: two, user: certificate}}
- {name: basic, context: {cluster: two, user: basic}}
- {name: plugin, context: {cluster: two, user: plugin}}
- {name: no-plugin, context: {cluster: two, user: no-plugin}}
- {name: proxied, context: {cluster: proxied, user: token}}
- {name: nonsense, context: {cluster: nonsense, user: token}}
- {name: in-groups, context: {cluster: two, user: in-groups}}
- {name: no-user, context: {cluster: one, user: missing}}
`;

describe("loadConnection", () => {
  let folder = "";
  let kubeconfigPath = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kubeconfig-"));
    kubeconfigPath = join(folder, "config");
    await writeFile(kubeconfigPath, kubeconfig);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("takes server and namespace of the current context", () => {
    const connection = loadConnection({ kubeconfigPath });
    expect(connection).toMatchObject({ server: "https://one.test:6443", namespace: "home" });
  });

  it("takes those of a named context, with the namespace default where it has none", () => {
    const connection = loadConnection({ kubeconfigPath, context: "certificate" });
    expect(connection).toMatchObject({ server: "https://two.test", namespace: "default" });
  });

  it.each([
    {
      context: "token",
      credentials: {
        headers: { authorization: "Bearer secret" },
        certificateAuthority: "the CA",
        serverName: "kube.test",
        verifyServer: true,
      },
    },
    {
      context: "certificate",
      credentials: { clientCertificate: "the certificate", clientKey: "the key", verifyServer: false },
    },
    { context: "basic", credentials: { headers: { authorization: `Basic ${base64("me:word")}` } } },
    { context: "plugin", credentials: { headers: { authorization: "Bearer from the plugin" } } },
  ])("gives the credentials of a user with a $context", async ({ context, credentials }) => {
    expect(await loadConnection({ kubeconfigPath, context }).credentials?.({ renew: false })).toMatchObject(
      credentials,
    );
  });

  it("says Unauthorized when a plugin fails", async () => {
    const { credentials } = loadConnection({ kubeconfigPath, context: "no-plugin" });
    await expect(credentials?.({ renew: false })).rejects.toMatchObject({ code: "Unauthorized" });
  });

  it.each([
    { name: "a context that is missing", context: "missing", message: 'no complete context "missing"' },
    { name: "a context without its user", context: "no-user", message: 'no complete context "no-user"' },
    {
      name: "a server that is no URL",
      context: "nonsense",
      message: '"not a url" is not the URL of a server',
    },
    { name: "a proxy", context: "proxied", message: "proxy-url is not supported" },
    { name: "somebody's groups", context: "in-groups", message: "as-groups is not supported" },
    {
      name: "a context that is missing, and names those that there are",
      context: "missing",
      message:
        "there are token, certificate, basic, plugin, no-plugin, proxied, nonsense, in-groups, no-user",
    },
  ])("refuses $name", ({ context, message }) => {
    expect(() => loadConnection({ kubeconfigPath, context })).toThrow(
      expect.objectContaining({ code: "InvalidConfiguration", message: expect.stringContaining(message) }),
    );
  });

  it("refuses a file that is missing, and a pod's service account outside a pod", () => {
    const refused = expect.objectContaining({ code: "InvalidConfiguration" });
    expect(() => loadConnection({ kubeconfigPath: join(folder, "missing") })).toThrow(refused);
    expect(() => loadConnection({})).toThrow("the service account of this pod: there is none");
  });
});

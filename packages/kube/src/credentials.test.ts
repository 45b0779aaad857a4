/** Credentials that come from elsewhere, from the file or plugin to the request: what changes there is used here. */
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { TLSSocket } from "node:tls";
import { isRecord, systemClock } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubeConnection } from "./connection.ts";
import { createKubeClient } from "./create-client.ts";
import { loadConnection, loadPodConnection } from "./load-connection.ts";
import { FakeApiServer } from "./testing/fake-api-server.ts";
import { selfSigned } from "./testing/self-signed.ts";
import { status, widget, widgets } from "./testing/widget.ts";

const key = { namespace: "home", name: "a" };
const { signal } = new AbortController();

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "credentials-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

function kubeconfig(name: string, server: string, user: object, cluster: object = {}): Promise<string> {
  const content = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [
      {
        name: "test",
        cluster: { server, "insecure-skip-tls-verify": server.startsWith("http:"), ...cluster },
      },
    ],
    users: [{ name: "test", user }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
  };
  return file(name, JSON.stringify(content));
}

/** The `authorization` headers of calls: one call for each status that the server is to answer. */
async function authorizations(
  connection: (server: string) => Promise<KubeConnection>,
  calls: readonly {
    readonly before?: (() => Promise<unknown>) | undefined;
    readonly answers: readonly number[];
  }[],
): Promise<readonly unknown[]> {
  await using server = await FakeApiServer.start();
  const clock = new FakeClock();
  await using client = createKubeClient({
    connection: await connection(server.connection.server),
    clock,
    userAgent: "test",
  });
  const seen: unknown[] = [];
  for (const { before, answers } of calls) {
    await before?.();
    const calling = client.get(widgets, key, { signal });
    for (const code of answers) {
      const exchange = await server.next();
      seen.push(exchange.headers["authorization"]);
      exchange.reply(code, code === 200 ? widget("a", 1) : status(code, "Unauthorized"));
    }
    await calling;
    await clock.advance(10_000);
  }
  return seen;
}

describe("a token file", () => {
  it("of a kubeconfig user is read from beside the kubeconfig, and again when it was rotated", async () => {
    await file("tokens/token", "one\n");
    const seen = await authorizations(
      async (server) =>
        loadConnection({
          kubeconfigPath: await kubeconfig("token-file", server, {
            token: "stale",
            tokenFile: "tokens/token",
          }),
        }),
      [
        { answers: [200] },
        { before: () => file("tokens/token", "two\n"), answers: [200] },
        { before: () => file("tokens/token", "three\n"), answers: [401, 200] },
      ],
    );
    expect(seen).toEqual(["Bearer one", "Bearer two", "Bearer three", "Bearer three"]);
  });

  it("that is missing is a failure to authenticate, not of the process", async () => {
    const kubeconfigPath = await kubeconfig("no-token", "http://server.test", {
      tokenFile: "/no/such/token",
    });
    const { credentials } = loadConnection({ kubeconfigPath });
    await expect(credentials?.({ renew: false })).rejects.toMatchObject({ code: "Unauthorized" });
  });
});

describe("the service account of a pod", () => {
  const account = "pod/var/run/secrets/kubernetes.io/serviceaccount";

  it("gives server, namespace, certificate and token, which is read again when it was rotated", async () => {
    await file(`${account}/ca.crt`, "the CA");
    await file(`${account}/token`, "one");
    await file(`${account}/namespace`, "lmos\n");
    const pod = { host: "fd00::1", port: "443" };
    const { server, namespace, credentials } = loadPodConnection(pod, join(folder, "pod"));
    expect({ server, namespace }).toEqual({ server: "https://[fd00::1]:443", namespace: "lmos" });
    const first = await credentials?.({ renew: false });
    expect(first).toMatchObject({ headers: { authorization: "Bearer one" }, certificateAuthority: "the CA" });
    await file(`${account}/token`, "two");
    expect(await credentials?.({ renew: false })).toMatchObject({ headers: { authorization: "Bearer two" } });
  });
});

describe("what else a user may have", () => {
  it("is read as kubectl reads it", async () => {
    const user = { username: "me", password: "word", as: "somebody" };
    const kubeconfigPath = await kubeconfig("impersonating", "https://server.test", user);
    expect(await loadConnection({ kubeconfigPath }).credentials?.({ renew: false })).toMatchObject({
      headers: { authorization: "Basic bWU6d29yZA==", "impersonate-user": "somebody" },
    });
  });

  it.each([
    { name: "no map", content: "- a list" },
    { name: "no YAML", content: "{" },
    { name: "empty", content: "" },
  ])("is refused with a kubeconfig that is $name", async ({ name, content }) => {
    const kubeconfigPath = await file(name, content);
    expect(() => loadConnection({ kubeconfigPath })).toThrow(
      expect.objectContaining({
        code: "InvalidConfiguration",
        message: expect.stringContaining(kubeconfigPath),
      }),
    );
  });
});

describe("an exec plugin", () => {
  it("that fails is a failure to authenticate, with what it said", async () => {
    const command = await file("failing.sh", "#!/bin/sh\necho log in first >&2; exit 1\n");
    await chmod(command, 0o755);
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "./failing.sh" };
    const kubeconfigPath = await kubeconfig("failing", "https://server.test", { exec });
    const { credentials } = loadConnection({ kubeconfigPath });
    await expect(credentials?.({ renew: false })).rejects.toMatchObject({
      code: "Unauthorized",
      message: expect.stringContaining("log in first"),
    });
  });

  /** Counts its runs in a file, and gives a token with that number. */
  const plugin = (runs: string): string => `#!${process.execPath}
const { readFileSync, writeFileSync } = require("node:fs");
const run = Number(readFileSync(${JSON.stringify(runs)}, "utf8")) + 1;
writeFileSync(${JSON.stringify(runs)}, String(run));
const { apiVersion } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
const status = { token: process.env.PREFIX + run };
console.log(JSON.stringify({ apiVersion, kind: "ExecCredential", status }));
`;

  it("is run once for a token that does not expire, and again when that is refused", async () => {
    const runs = await file("runs", "0");
    const command = await file("plugin.cjs", plugin(runs));
    await chmod(command, 0o755);
    const apiVersion = "client.authentication.k8s.io/v1";
    const exec = { apiVersion, command, interactiveMode: "Never", env: [{ name: "PREFIX", value: "run-" }] };
    const seen = await authorizations(
      async (server) => loadConnection({ kubeconfigPath: await kubeconfig("exec", server, { exec }) }),
      [{ answers: [200] }, { answers: [200] }, { answers: [401, 200] }, { answers: [200] }],
    );
    expect(seen).toEqual(["Bearer run-1", "Bearer run-1", "Bearer run-1", "Bearer run-2", "Bearer run-2"]);
    expect(await readFile(runs, "utf8")).toBe("2");
  });
});

describe("client certificates", () => {
  const certify = (name: string) => selfSigned(name, systemClock.now());

  /** Answers with the common name of the certificate that the caller has shown. */
  async function startTlsServer(own: { readonly key: string; readonly cert: string }): Promise<Server> {
    const server = createServer(
      { ...own, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        const { socket } = request;
        const name = socket instanceof TLSSocket ? socket.getPeerCertificate().subject.CN : undefined;
        response.end(JSON.stringify(widget(String(name), 1)));
      },
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  it("are shown, and new ones on new connections once the files were renewed", async () => {
    const own = await certify("server");
    await file("server.crt", own.cert);
    const [first, second] = [await certify("first"), await certify("second")];
    await file("client.crt", first.cert);
    await file("client.key", first.key);
    const server = await startTlsServer(own);
    const address = server.address();
    const port = isRecord(address) ? Number(address["port"]) : 0;
    const kubeconfigPath = await kubeconfig(
      "certificates",
      `https://127.0.0.1:${port}`,
      { "client-certificate": "client.crt", "client-key": "client.key" },
      { "certificate-authority": "server.crt" },
    );
    const clock = new FakeClock();
    {
      const connection = loadConnection({ kubeconfigPath });
      await using client = createKubeClient({ connection, clock, userAgent: "test" });
      const caller = async () => (await client.get(widgets, key, { signal }))?.metadata.name;
      expect(await caller()).toBe("first");
      await file("client.crt", second.cert);
      await file("client.key", second.key);
      expect(await caller()).toBe("first");
      await clock.advance(10_000);
      expect(await caller()).toBe("second");
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

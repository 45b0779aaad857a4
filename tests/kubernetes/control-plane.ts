/**
 * A real Kubernetes control plane on free loopback ports, its state in a folder of its own: etcd, kube-apiserver and, on
 * request, kube-controller-manager, kube-scheduler and kwok. It ends with this process, however that ends.
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { takeCustody } from "@lmos/local";
import { silentLogger, systemClock } from "@lmos/primitives";
import { type Component, createComponent } from "./component.ts";
import { freePorts } from "./free-ports.ts";
import { type ControlPlanePart, type ExtraPart, parametersOf, type Site } from "./parameters.ts";
import { type Parts, pathOf } from "./parts.ts";
import { isReady } from "./ready.ts";

/** What a control plane is started with. */
export interface ControlPlaneOptions {
  readonly parts: Parts;
  readonly extras?: readonly ExtraPart[] | undefined;
  /** kube-controller-manager's `--controllers`; all unless given. */
  readonly controllers?: string | undefined;
  /** More parameters for kube-apiserver. */
  readonly apiServerParameters?: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

/** A running control plane. Disposing it ends all its processes and removes its folder. */
export interface ControlPlane extends AsyncDisposable {
  readonly directory: string;
  readonly kubeconfigPath: string;
  /** `https://127.0.0.1:PORT`; the same after a restart. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** Ends one part, by SIGKILL unless another signal is given, and waits until it is gone. */
  kill(part: ControlPlanePart, signal?: NodeJS.Signals): Promise<void>;
  /** Starts a part that was ended, and waits until the API server is ready if it is that or etcd. */
  start(part: ControlPlanePart): Promise<void>;
  /** Freezes a part: connections stay open, nothing answers. */
  pause(part: ControlPlanePart): void;
  resume(part: ControlPlanePart): void;
}

const readyTimeoutMs = 60_000;

/** Starts a control plane and waits until it is ready. Throws, with the end of the log, where it does not become so. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  await using starting = new AsyncDisposableStack();
  const site = await prepareSite(options);
  starting.defer(() => rmSync(site.directory, { recursive: true, force: true }));
  const custody = starting.use(
    await takeCustody({
      directory: site.directory,
      clock: systemClock,
      logger: silentLogger,
      signal: options.signal,
    }),
  );
  const parts: readonly ControlPlanePart[] = ["etcd", "kube-apiserver", ...(options.extras ?? [])];
  const components = new Map(
    parts.map((name) => [
      name,
      createComponent({
        program: pathOf(options.parts, name),
        parameters: parametersOf(name, site),
        logPath: join(site.directory, "logs", `${name}.log`),
        custody,
      }),
    ]),
  );
  for (const component of components.values()) starting.defer(() => component.kill("SIGKILL"));
  const get = (name: ControlPlanePart): Component => {
    const component = components.get(name);
    if (component === undefined) throw new Error(`${name} is not part of this control plane`);
    return component;
  };
  const start = async (name: ControlPlanePart): Promise<void> => {
    get(name).start();
    if (name !== "etcd") await whenReady(site, get("kube-apiserver"), options);
  };
  for (const name of parts) await start(name);
  const owned = starting.move();
  return {
    directory: site.directory,
    kubeconfigPath: site.kubeconfigPath,
    url: site.url,
    port: site.port,
    token: site.token,
    kill: (part, signal = "SIGKILL") => get(part).kill(signal),
    start,
    pause: (part) => get(part).signal("SIGSTOP"),
    resume: (part) => get(part).signal("SIGCONT"),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function prepareSite(options: ControlPlaneOptions): Promise<Site> {
  const directory = mkdtempSync(join(tmpdir(), "lmos-kubernetes-"));
  for (const folder of ["etcd", "certificates", "logs"]) mkdirSync(join(directory, folder));
  const [port, etcdPort, etcdPeerPort] = await freePorts();
  const token = randomBytes(16).toString("hex");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const site = {
    directory,
    port,
    etcdPort,
    etcdPeerPort,
    token,
    url: `https://127.0.0.1:${port}`,
    kubeconfigPath: join(directory, "kubeconfig"),
    certificatePath: join(directory, "certificates", "apiserver.crt"),
    keyPath: join(directory, "service-accounts.key"),
    controllers: options.controllers ?? "*",
    apiServerParameters: options.apiServerParameters ?? [],
    kwokConfigPath: options.parts["kwok.yaml"] ?? "",
  };
  writeFileSync(site.keyPath, privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
  writeFileSync(join(directory, "tokens.csv"), `${token},admin,admin,"system:masters"\n`, { mode: 0o600 });
  writeFileSync(site.kubeconfigPath, kubeconfigOf(site), { mode: 0o600 });
  return site;
}

/** YAML takes JSON. */
function kubeconfigOf({ url, certificatePath, token }: Site): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "real", cluster: { server: url, "certificate-authority": certificatePath } }],
    users: [{ name: "admin", user: { token } }],
    contexts: [{ name: "real", context: { cluster: "real", user: "admin" } }],
    "current-context": "real",
  });
}

async function whenReady(
  { url, token, certificatePath }: Site,
  server: Component,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const deadline = systemClock.monotonic() + readyTimeoutMs;
  while (systemClock.monotonic() < deadline) {
    if (!server.isRunning) throw new Error(`kube-apiserver has ended:\n${server.tail()}`);
    if (await isReady({ url, token, certificate: () => readFileSync(certificatePath, "utf8") })) return;
    await sleep(100, undefined, { signal });
  }
  throw new Error(`kube-apiserver was not ready after ${readyTimeoutMs} ms:\n${server.tail()}`);
}

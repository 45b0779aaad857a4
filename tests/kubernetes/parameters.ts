/** The command lines of a control plane's parts. Everything listens on loopback only. */
import { join } from "node:path";

/** What runs beside etcd and kube-apiserver. */
export type ExtraPart = "kube-controller-manager" | "kube-scheduler" | "kwok";

/** Every part of a control plane. */
export type ControlPlanePart = "etcd" | "kube-apiserver" | ExtraPart;

/** Where a control plane lives. */
export interface Site {
  readonly directory: string;
  readonly port: number;
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
  readonly token: string;
  readonly url: string;
  readonly kubeconfigPath: string;
  /** kube-apiserver makes it itself; it is its own authority. */
  readonly certificatePath: string;
  readonly keyPath: string;
  readonly controllers: string;
  readonly apiServerParameters: readonly string[];
  readonly kwokConfigPath: string;
}

/** What a part is started with. */
export function parametersOf(part: ControlPlanePart, site: Site): readonly string[] {
  return parameters[part](site);
}

const parameters: Readonly<Record<ControlPlanePart, (site: Site) => readonly string[]>> = {
  etcd: ({ directory, etcdPort, etcdPeerPort }) => [
    "--name=etcd",
    `--data-dir=${join(directory, "etcd")}`,
    "--unsafe-no-fsync",
    "--log-level=warn",
    `--listen-client-urls=http://127.0.0.1:${etcdPort}`,
    `--advertise-client-urls=http://127.0.0.1:${etcdPort}`,
    `--listen-peer-urls=http://127.0.0.1:${etcdPeerPort}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${etcdPeerPort}`,
    `--initial-cluster=etcd=http://127.0.0.1:${etcdPeerPort}`,
  ],
  "kube-apiserver": ({ directory, port, etcdPort, keyPath, apiServerParameters }) => [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${port}`,
    `--cert-dir=${join(directory, "certificates")}`,
    "--endpoint-reconciler-type=none", // it may not publish a loopback address
    "--service-cluster-ip-range=10.0.0.0/16",
    "--allow-privileged=true",
    "--disable-admission-plugins=ServiceAccount",
    "--authorization-mode=RBAC",
    `--token-auth-file=${join(directory, "tokens.csv")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${keyPath}`,
    `--service-account-signing-key-file=${keyPath}`,
    ...apiServerParameters,
  ],
  "kube-controller-manager": (site) => [
    ...clientParameters(site),
    `--controllers=${site.controllers}`,
    `--service-account-private-key-file=${site.keyPath}`,
    `--root-ca-file=${site.certificatePath}`,
    "--use-service-account-credentials=false",
  ],
  "kube-scheduler": (site) => clientParameters(site),
  kwok: ({ kubeconfigPath, kwokConfigPath }) => [
    `--kubeconfig=${kubeconfigPath}`,
    `--config=${kwokConfigPath}`,
    "--manage-all-nodes=true",
    "--node-ip=127.0.0.1",
    "--cidr=10.244.0.0/16",
    "--node-lease-duration-seconds=40", // without it the nodes are given up after a minute
  ],
};

function clientParameters({ kubeconfigPath }: Site): readonly string[] {
  return [
    `--kubeconfig=${kubeconfigPath}`,
    `--authentication-kubeconfig=${kubeconfigPath}`,
    `--authorization-kubeconfig=${kubeconfigPath}`,
    "--bind-address=127.0.0.1",
    "--secure-port=0",
    "--leader-elect=false",
  ];
}

/** The option `-n` of commands that are given objects. */
import { Option } from "commander";
import { CliError } from "./errors.ts";
import type { Manifest } from "./manifests.ts";

/** The option. */
export function namespaceOption(): Option {
  return new Option(
    "-n, --namespace <namespace>",
    "namespace of objects that name none (else that of the kubeconfig)",
  );
}

/** Throws CliError `Usage` where an object names another namespace than the one that is asked for, as kubectl does. */
export function checkNamespace(objects: readonly Manifest[], namespace: string | undefined): void {
  if (namespace === undefined) return;
  for (const { kind, metadata } of objects) {
    if (metadata.namespace === undefined || metadata.namespace === namespace) continue;
    throw new CliError(
      "Usage",
      `${kind} ${metadata.name} names the namespace ${metadata.namespace}, and -n ${namespace}: leave one of them out`,
    );
  }
}

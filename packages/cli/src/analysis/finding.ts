/** Findings of `lmos analyze`: what is wrong, or might be, each with a code that stays. Explained in docs/findings.md. */
import { type KubeObject, keyOf, keyText } from "@lmos/kube";

/** The codes with how much they weigh and what they mean. */
export const findingCodes = {
  LMOS101: { severity: "error", meaning: "a capability that a channel requires is not provided" },
  LMOS102: { severity: "error", meaning: "a label that a channel needs is missing" },
  LMOS103: { severity: "error", meaning: "two channels of a namespace have one identity" },
  LMOS104: { severity: "warning", meaning: "channels of several namespaces have one identity" },
  LMOS105: { severity: "error", meaning: "a channel is not its tenant's, or beyond its quota" },
  LMOS201: { severity: "error", meaning: "a version is not semantic" },
  LMOS202: { severity: "warning", meaning: "an agent serves no channel" },
  LMOS203: { severity: "warning", meaning: "a capability has nothing that messages could be matched with" },
  LMOS204: { severity: "warning", meaning: "nobody requires what an agent provides" },
  LMOS205: { severity: "warning", meaning: "a version is far ahead of those of all other agents" },
  LMOS206: { severity: "warning", meaning: "people may take a name for another one" },
  LMOS207: { severity: "warning", meaning: "a tenant is written as a pattern, and is compared exactly" },
  LMOS301: { severity: "warning", meaning: "a channel is wired to what nobody granted" },
  LMOS302: { severity: "warning", meaning: "an agent claims what nobody granted" },
  LMOS303: { severity: "error", meaning: "two Tenants have one id" },
  LMOS304: {
    severity: "error",
    meaning: "the range of versions of a grant can't be read, so that it grants nothing",
  },
  LMOS305: { severity: "warning", meaning: "a Tenant or a grant is empty, so that it lets nothing in" },
  LMOS306: { severity: "warning", meaning: "a Tenant or a grant lets in everything of a kind" },
} as const satisfies Record<string, { readonly severity: "error" | "warning"; readonly meaning: string }>;

/** A code of a finding. */
export type FindingCode = keyof typeof findingCodes;

/** What is wrong, or might be. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: "error" | "warning";
  /** Kind, namespace and name, such as `Channel default/acme-web`. */
  readonly object: string;
  readonly message: string;
}

/** A finding about the object. */
export function finding(code: FindingCode, object: KubeObject, message: string): Finding {
  const { severity } = findingCodes[code];
  return { code, severity, object: `${object.kind} ${keyText(keyOf(object))}`, message };
}

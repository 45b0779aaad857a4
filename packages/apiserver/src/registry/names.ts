/** Names of objects, labels and annotations: what Kubernetes accepts, and its words for what it does not. */

import {
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  type NameRule,
  prefixRule,
  qualifiedName,
} from "@lmos/kubernetes-syntax";
import { type JsonObject, objectsAt, type Random, textAt, textMapAt, textsAt } from "@lmos/primitives";
import { labelErrors } from "@lmos/resource-definitions";
import { type FieldError, invalid, required } from "@lmos/structural-schema";
import type { Strategy } from "./strategy.ts";

const suffixLetters = "bcdfghjklmnpqrstvwxz2456789";
const maxGeneratedBase = 58;
const maxAnnotationBytes = 262_144;

/** A name out of `generateName`: five random letters and digits after it. */
export function generatedName(base: string, random: Random): string {
  const letters = Array.from(
    { length: 5 },
    () => suffixLetters[Math.floor(random.next() * suffixLetters.length)],
  );
  return base.slice(0, maxGeneratedBase) + letters.join("");
}

/** What is wrong with an object's metadata, as far as it is given by clients. */
export function validateMetadata(metadata: JsonObject, names: Strategy["names"]): readonly FieldError[] {
  return [
    ...nameErrors(metadata, nameRules[names ?? "other"]),
    ...labelErrors(textMapAt(metadata, "labels"), "metadata.labels"),
    ...annotationErrors(textMapAt(metadata, "annotations")),
    ...ownerErrors(objectsAt(metadata, "ownerReferences")),
    ...finalizerErrors(textsAt(metadata, "finalizers")),
  ];
}

const pathSegment: NameRule = (name) => {
  if (name === "." || name === "..") return [`may not be '${name}'`];
  return ["/", "%"].filter((letter) => name.includes(letter)).map((letter) => `may not contain '${letter}'`);
};

const nameRules: Readonly<Record<"namespace" | "service" | "segment" | "other", NameRule>> = {
  namespace: (name) => (name.includes(".") ? ["must not contain dots"] : dnsLabel(name)),
  service: dns1035Label,
  segment: pathSegment,
  other: dnsSubdomain,
};

function nameErrors(metadata: JsonObject, rule: NameRule): readonly FieldError[] {
  const name = textAt(metadata, "name") ?? "";
  const base = textAt(metadata, "generateName") ?? "";
  const field = "metadata.generateName";
  const ofBase = base === "" ? [] : prefixRule(rule)(base).map((detail) => invalid(field, base, detail));
  if (name === "") return [...ofBase, required("metadata.name", "name or generateName is required")];
  return [...ofBase, ...rule(name).map((detail) => invalid("metadata.name", name, detail))];
}

function annotationErrors(annotations: Readonly<Record<string, string>>): readonly FieldError[] {
  const field = "metadata.annotations";
  const errors = Object.keys(annotations).flatMap((key) =>
    qualifiedName(key.toLowerCase()).map((detail) => invalid(field, key, detail)),
  );
  const bytes = Object.entries(annotations)
    .flat()
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes <= maxAnnotationBytes) return errors;
  return [...errors, { kind: "TooLong", field, detail: `may not be more than ${maxAnnotationBytes} bytes` }];
}

function ownerErrors(owners: readonly JsonObject[]): readonly FieldError[] {
  const field = "metadata.ownerReferences";
  const empty = owners.flatMap((owner) =>
    ["apiVersion", "kind", "name", "uid"]
      .filter((member) => !owner[member])
      .map((member) =>
        invalid(`${field}.${member}`, "", `${member === "apiVersion" ? "version " : ""}must not be empty`),
      ),
  );
  const [one, other] = owners.filter(({ controller }) => controller === true);
  if (one === undefined || other === undefined) return empty;
  const [first, second] = [one, other].map(({ kind, name }) => `${String(kind)}/${String(name)}`);
  const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`;
  return [...empty, invalid(field, owners, detail)];
}

const standardFinalizers = ["kubernetes", "orphan", "foregroundDeletion"];

function finalizerErrors(finalizers: readonly string[]): readonly FieldError[] {
  const field = "metadata.finalizers";
  const syntax = finalizers.flatMap((name) =>
    qualifiedName(name).map((detail) => invalid(field, name, detail)),
  );
  const detail = "name is neither a standard finalizer name nor is it fully qualified";
  const plain = finalizers.flatMap((name, index) =>
    name.includes("/") || standardFinalizers.includes(name)
      ? []
      : [invalid(`${field}[${index}]`, name, detail)],
  );
  return [...syntax, ...plain];
}

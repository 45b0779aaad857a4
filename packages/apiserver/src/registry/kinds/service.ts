import { type JsonObject, objectAt, textAt } from "@lmos/primitives";
import type { WriteSurroundings } from "../surroundings.ts";

const maxAttempts = 1000;

/** Gives a service a cluster address out of 10.96.0.0/12, so that manifests and listings look as they do elsewhere. */
export function prepareService(
  service: JsonObject,
  old: JsonObject | undefined,
  surroundings: WriteSurroundings,
): JsonObject {
  const spec = objectAt(service, "spec");
  if (textAt(spec, "type") === "ExternalName") return service;
  const given = textAt(spec, "clusterIP");
  const clusterIP = given || textAt(objectAt(old ?? {}, "spec"), "clusterIP") || freeAddress(surroundings);
  const families = { ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" };
  return { ...service, spec: { ...families, ...spec, clusterIP, clusterIPs: [clusterIP] } };
}

function freeAddress({ list, random }: WriteSurroundings): string {
  const taken = new Set(
    list("services").map((stored) => textAt(objectAt(stored.value(), "spec"), "clusterIP")),
  );
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const number = 1 + Math.floor(random() * 0xffffe);
    const address = `10.${96 + (number >> 16)}.${(number >> 8) & 0xff}.${number & 0xff}`;
    if (!taken.has(address)) return address;
  }
  return "None"; // as good as full: served by its endpoints alone
}

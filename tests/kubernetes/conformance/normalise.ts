/** Takes out of an answer what may differ between two runs: times, uids, versions, ages, addresses. */
import { canonicalJson, isRecord, type JsonValue } from "@lmos/primitives";

const uid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const timestamp = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g;
const longDate = /\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g;
const serverAddress = /https?:\/\/127\.0\.0\.1:\d+/g;
const age = /(?<=^|\s)(<invalid>|(\d+(ms|[smhdy]))+)(?=$|\s)/gm;
const versionMember = /(resourceVersion"?: ?"?|Resource Version: +)\d+/g;

/** A text without what varies. Blanks between columns are drawn together, because ages have different widths. */
export function normaliseText(text: string): string {
  return normaliseWords(text)
    .replaceAll(longDate, "DATE")
    .replaceAll(versionMember, "$1VERSION")
    .replaceAll(age, "AGE")
    .replaceAll(/(?<=\S) {2,}/g, "  ")
    .replaceAll(/[ \t]+$/gm, "");
}

/** A JSON value without what varies. */
export function normaliseJson(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => normaliseJson(item, name));
    return name === "managedFields" ? items.sort(byText) : items;
  }
  if (isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [normaliseWords(key), normaliseJson(member, key)]),
    );
  }
  if (typeof value !== "string") return value;
  if (name === "resourceVersion" && /^[1-9]\d*$/.test(value)) return "VERSION";
  if (name === "continue" && value !== "") return "CONTINUE";
  return name === "cells" ? normaliseText(value) : normaliseWords(value);
}

/** Managers are ordered by the second of their write. */
function byText(one: unknown, other: unknown): number {
  return canonicalJson(one as JsonValue) < canonicalJson(other as JsonValue) ? -1 : 1;
}

function normaliseWords(text: string): string {
  return text.replaceAll(uid, "UID").replaceAll(timestamp, "TIME").replaceAll(serverAddress, "SERVER");
}

import { isRecord } from "@lmos/primitives";
import type { KubeObject } from "../object.ts";
import type { ResourceType } from "../resource-type.ts";

/** The kind of object that the tests of this package work with. */
export interface Widget extends KubeObject {
  readonly spec?: { readonly colour?: string | undefined } | undefined;
}

/** Widgets; one whose colour is no text can't be parsed. */
export const widgets: ResourceType<Widget> = {
  group: "things.test",
  version: "v1",
  kind: "Widget",
  plural: "widgets",
  namespaced: true,
  parse: (value) => {
    if (isWidget(value)) return value;
    throw new Error("spec.colour is not a text");
  },
};

/** A widget in namespace `home` as the server writes it. */
export function widget(name: string, version: number, { uid = `uid-${name}`, colour = "red" } = {}): Widget {
  const metadata = { name, namespace: "home", uid, resourceVersion: String(version) };
  return { apiVersion: "things.test/v1", kind: "Widget", metadata, spec: { colour } };
}

/** A list answer. */
export function listOf(version: number, items: readonly unknown[], continueToken?: string): object {
  const metadata = { resourceVersion: String(version), continue: continueToken };
  return { apiVersion: "things.test/v1", kind: "WidgetList", metadata, items };
}

/** A frame of a watch. */
export function frame(type: string, object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`;
}

/** What the server says when it has failed. */
export function status(code: number, reason: string): object {
  return { apiVersion: "v1", kind: "Status", status: "Failure", code, reason, message: `because ${reason}` };
}

function isWidget(value: unknown): value is Widget {
  if (!isRecord(value) || !isRecord(value["spec"])) return isRecord(value);
  const { colour } = value["spec"];
  return colour === undefined || typeof colour === "string";
}

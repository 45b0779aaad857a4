/** What every server holds before the cases run: our four definitions, the Widget that most cases use, and the namespaces. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonValue } from "@lmos/primitives";
import { parse } from "yaml";
import type { HttpClient } from "./http-client.ts";
import { definitions } from "./objects.ts";
import { valueAt } from "./paths.ts";
import { widgetDefinition } from "./widget-definition.ts";

const crds = new URL("../../../deploy/crds/", import.meta.url);

/** Installs everything and waits until the definitions are served. */
export async function installFixtures(http: HttpClient, namespaces: readonly string[]): Promise<void> {
  const files = readdirSync(crds).filter((name) => name.endsWith(".yaml"));
  const ours = files.map((name) => parse(readFileSync(new URL(name, crds), "utf8")));
  for (const one of [widgetDefinition, ...ours]) await create(http, definitions, one);
  for (const name of namespaces) {
    await create(http, "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  for (const path of ["/apis/conformance.example/v1/widgets", "/apis/lmos.eclipse/v1/channels"]) {
    while ((await http.send({ method: "GET", path })).status !== 200) await sleep(50);
  }
}

async function create(http: HttpClient, path: string, body: JsonValue): Promise<void> {
  const answer = await http.send({ method: "POST", path, body });
  if (answer.status !== 201) throw new Error(`fixture refused: ${String(valueAt(answer.body, "message"))}`);
}

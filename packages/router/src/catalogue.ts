/**
 * A catalogue file: the agents to route between, without a server.
 * `[{id, description, capabilities: [{id, description, examples: []}]}]`
 */
import { isRecord } from "@lmos/primitives";
import { RouterError } from "./errors.ts";
import type { RoutableAgent, RoutableCapability } from "./model.ts";

/**
 * The agents of a parsed catalogue file. Descriptions and examples may be missing, other fields are ignored.
 *
 * @throws RouterError `InvalidCatalogue`, naming the field: `[0].capabilities[2].examples[1]: expected a text`.
 */
export function parseCatalogue(value: unknown): readonly RoutableAgent[] {
  const agents = list(value, "catalogue").map((entry, i) => parseAgent(entry, `[${i}]`));
  rejectDuplicates(
    agents.map((agent) => agent.name),
    (i) => `[${i}].id`,
  );
  return agents;
}

function parseAgent(value: unknown, path: string): RoutableAgent {
  const record = object(value, path);
  const capabilities = list(record["capabilities"], `${path}.capabilities`).map((entry, i) =>
    parseCapability(entry, `${path}.capabilities[${i}]`),
  );
  rejectDuplicates(
    capabilities.map((capability) => capability.id),
    (i) => `${path}.capabilities[${i}].id`,
  );
  return {
    name: identifier(record["id"], `${path}.id`),
    description: text(record["description"] ?? "", `${path}.description`),
    capabilities,
  };
}

function parseCapability(value: unknown, path: string): RoutableCapability {
  const record = object(value, path);
  const id = identifier(record["id"], `${path}.id`);
  return {
    id,
    name: id,
    description: text(record["description"] ?? "", `${path}.description`),
    examples: list(record["examples"] ?? [], `${path}.examples`).map((entry, i) =>
      text(entry, `${path}.examples[${i}]`),
    ),
  };
}

function rejectDuplicates(ids: readonly string[], pathOf: (index: number) => string): void {
  const duplicate = ids.findIndex((id, i) => ids.indexOf(id) < i);
  if (duplicate >= 0) throw invalid(pathOf(duplicate), `"${ids[duplicate] ?? ""}" is there twice`);
}

function object(value: unknown, path: string): Record<string, unknown> {
  if (!isRecord(value)) throw invalid(path, "expected an object");
  return value;
}

function list(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(path, "expected a list");
  return value;
}

function text(value: unknown, path: string): string {
  if (typeof value !== "string") throw invalid(path, "expected a text");
  return value;
}

function identifier(value: unknown, path: string): string {
  const id = text(value, path);
  if (id.trim() === "") throw invalid(path, "must not be empty");
  return id;
}

function invalid(path: string, reason: string): RouterError {
  return new RouterError("InvalidCatalogue", `${path}: ${reason}`, { details: { path } });
}

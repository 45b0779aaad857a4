/** What is served right now: the built-in definitions and those of the established custom resources. */
import type { ResourceDefinition } from "@lmos/resource-definitions";

/** Served definitions, in the order in which discovery lists them. */
export class Catalogue {
  readonly #builtIn: readonly ResourceDefinition[];
  readonly #custom = new Map<string, readonly ResourceDefinition[]>();
  #all: readonly ResourceDefinition[];
  #byPath: ReadonlyMap<string, ResourceDefinition>;
  readonly #listeners = new Set<() => void>();

  constructor(builtIn: readonly ResourceDefinition[]) {
    this.#builtIn = builtIn;
    this.#all = builtIn;
    this.#byPath = indexByPath(builtIn);
  }

  /** Every served version of every kind. */
  all(): readonly ResourceDefinition[] {
    return this.#all;
  }

  find(group: string, version: string, plural: string): ResourceDefinition | undefined {
    return this.#byPath.get(pathOf({ group, version, plural }));
  }

  /** Sets what one CustomResourceDefinition serves; an empty list takes it away. */
  setCustom(name: string, definitions: readonly ResourceDefinition[]): void {
    if (definitions.length === 0) this.#custom.delete(name);
    else this.#custom.set(name, definitions);
    this.#all = [...this.#builtIn, ...[...this.#custom.values()].flat()];
    this.#byPath = indexByPath(this.#all);
    for (const listener of this.#listeners) listener();
  }

  /** True while objects of the definition's kind are served in its version, be it with another schema by now. */
  serves({ group, version, plural }: ResourceDefinition): boolean {
    return this.find(group, version, plural) !== undefined;
  }

  /** Calls back whenever something else is served, until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** `pods`, `agents.lmos.eclipse`: how storage, errors and CustomResourceDefinitions name a resource. */
export function qualifiedResource({ plural, group }: Pick<ResourceDefinition, "plural" | "group">): string {
  return group === "" ? plural : `${plural}.${group}`;
}

function indexByPath(definitions: readonly ResourceDefinition[]): ReadonlyMap<string, ResourceDefinition> {
  return new Map(definitions.map((each) => [pathOf(each), each]));
}

function pathOf(of: Pick<ResourceDefinition, "group" | "version" | "plural">): string {
  return `${of.group}/${of.version}/${of.plural}`;
}

/** The OpenAPI documents of what is served, made when they are asked for and kept until something else is served. */

import { apiVersionOf, type ResourceDefinition } from "@lmos/resource-definitions";
import { openApiDocument, openApiIndex } from "../openapi/open-api-document.ts";
import type { Catalogue } from "../registry/catalogue.ts";

/** JSON texts of the documents. */
export class SchemaDocuments {
  readonly #catalogue: Catalogue;
  readonly #texts = new Map<string, string>();
  #made: readonly ResourceDefinition[] = [];

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** The list of the documents. */
  index(): string {
    return this.#keep("", () => JSON.stringify(openApiIndex(this.#catalogue.all())));
  }

  /** The document of a group and version; undefined if none of its kinds is served. */
  document(group: string, version: string): string | undefined {
    const definitions = this.#catalogue
      .all()
      .filter((each) => each.group === group && each.version === version);
    const [first] = definitions;
    if (first === undefined) return undefined;
    return this.#keep(apiVersionOf(first), () => JSON.stringify(openApiDocument(definitions)));
  }

  #keep(key: string, make: () => string): string {
    if (this.#made !== this.#catalogue.all()) {
      this.#made = this.#catalogue.all();
      this.#texts.clear();
    }
    const text = this.#texts.get(key) ?? make();
    this.#texts.set(key, text);
    return text;
  }
}

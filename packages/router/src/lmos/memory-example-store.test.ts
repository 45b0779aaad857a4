import { loadStaticModel } from "@lmos/embeddings";
import { describe, it } from "vitest";
import { exampleStoreCases } from "../testing/example-store-cases.ts";
import { createMemoryExampleStore } from "./memory-example-store.ts";

const embedding = await loadStaticModel({ signal: new AbortController().signal });
const scope = { tenant: "acme", channel: "web", subset: "stable" };

describe("createMemoryExampleStore", () => {
  it.each(exampleStoreCases)("$name", ({ check }) =>
    check({ store: createMemoryExampleStore({ embedding }), embedding, scope }),
  );
});

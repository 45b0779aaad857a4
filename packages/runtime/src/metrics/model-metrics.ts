/** What is measured of the language model that the router asks: calls and tokens of each tenant. */
import type { ModelCall } from "@lmos/router";
import type { Registry } from "prom-client";
import { NamedCounts } from "./named-counts.ts";

/** Counts calls of the language model. */
export interface ModelMetrics {
  /** Also called for a call that was not allowed. */
  modelCallEnded(tenant: string, call: ModelCall): void;
}

/** Registers them. The tenants are those that have a routing. */
export function measureModelCalls(registers: Registry[]): ModelMetrics {
  const calls = new NamedCounts(registers, {
    name: "lmos_model_calls_total",
    help: "Calls of the language model for a tenant by how they ended, those that were not allowed included",
    labelNames: ["tenant", "outcome"],
  });
  const tokens = new NamedCounts(registers, {
    name: "lmos_model_tokens_total",
    help: "Tokens of the language model for a tenant, as the service reports them or as they are estimated",
    labelNames: ["tenant", "direction", "source"],
  });
  return {
    modelCallEnded: (tenant, { outcome, usage }) => {
      calls.add({ tenant, outcome });
      if (usage === undefined) return;
      const { source } = usage;
      tokens.add({ tenant, direction: "input", source }, usage.input);
      tokens.add({ tenant, direction: "output", source }, usage.output);
    },
  };
}

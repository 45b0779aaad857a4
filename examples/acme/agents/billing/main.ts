import { serve } from "@lmos/agent";
import { billingAgent } from "./billing-agent.ts";

await serve(billingAgent);

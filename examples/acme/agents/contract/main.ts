import { serve } from "@lmos/agent";
import { contractAgent } from "./contract-agent.ts";

await serve(contractAgent);

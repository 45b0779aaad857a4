import { serve } from "@lmos/agent";
import { contractAgentV2 } from "./contract-agent-v2.ts";

await serve(contractAgentV2);

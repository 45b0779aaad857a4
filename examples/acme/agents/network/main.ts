import { serve } from "@lmos/agent";
import { networkAgent } from "./network-agent.ts";

await serve(networkAgent);

import { serve } from "@lmos/agent";
import { roamingAgent } from "./roaming-agent.ts";

await serve(roamingAgent);

import { serve } from "@lmos/agent";
import { helloAgent } from "./hello-agent.ts";

await serve(helloAgent);

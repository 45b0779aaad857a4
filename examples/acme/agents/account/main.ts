import { serve } from "@lmos/agent";
import { accountAgent } from "./account-agent.ts";

await serve(accountAgent);

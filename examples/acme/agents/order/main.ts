import { serve } from "@lmos/agent";
import { orderAgent } from "./order-agent.ts";

await serve(orderAgent);

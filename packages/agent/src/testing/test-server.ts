/** For this package's tests: agents behind a real port. */
import { silentLogger } from "@lmos/primitives";
import { FakeClock, SequentialIds } from "@lmos/testing";
import { type AgentServer, startAgentServer } from "../agent-server.ts";
import type { Agent } from "../define-agent.ts";

/** Serves them on a free port, with time standing still. */
export function startTestServer(agents: readonly [Agent, ...Agent[]]): Promise<AgentServer> {
  return startAgentServer({
    agents,
    ...{ host: "127.0.0.1", port: 0, clock: new FakeClock(), ids: new SequentialIds(), logger: silentLogger },
    timeoutMs: 5000,
    drainTimeoutMs: 1000,
  });
}

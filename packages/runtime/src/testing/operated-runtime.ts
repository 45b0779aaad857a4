/** A runtime whose routings come from an operator, with one agent behind them: as a deployment of the original looks. */
import { type FakeAgent, startFakeAgent } from "./fake-agent.ts";
import { type RunningRuntime, startTestRuntime } from "./running-runtime.ts";
import { type StubOperator, startStubOperator } from "./stub-operator.ts";

/** All three; disposing it stops them, the runtime first. */
export interface OperatedRuntime extends AsyncDisposable {
  readonly agent: FakeAgent;
  readonly operator: StubOperator;
  readonly running: RunningRuntime;
}

/** Starts them; `routing` is what the channel says of itself. */
export async function startOperatedRuntime(routing?: object): Promise<OperatedRuntime> {
  await using starting = new AsyncDisposableStack();
  const agent = starting.use(await startFakeAgent());
  const operator = starting.use(await startStubOperator(`127.0.0.1:${agent.port}`, routing));
  const running = starting.use(await startTestRuntime({ routings: { kind: "operator", url: operator.url } }));
  const started = starting.move();
  return { agent, operator, running, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

/** Runs the steps of a case on one server, checks each, and keeps what it answered for the comparison with the other. */
import { setTimeout as sleep } from "node:timers/promises";
import { isRecord } from "@lmos/primitives";
import type { Case, Compared, KubectlStep, RequestStep, Step, WatchStep } from "./case.ts";
import type { HttpClient } from "./http-client.ts";
import { followKubectl, type Kubectl, type KubectlResult, runKubectl } from "./kubectl.ts";
import { unmet, unmetText } from "./matchers.ts";
import { normaliseJson, normaliseText } from "./normalise.ts";
import { valueAt } from "./paths.ts";
import { Values } from "./values.ts";

/** With what a case reaches its server. */
export interface Surroundings {
  readonly http: HttpClient;
  readonly kubectl: Omit<Kubectl, "namespace">;
  /** The case's own namespace; it exists. */
  readonly namespace: string;
}

/** How a case went. */
export interface CaseResult {
  /** What did not hold, one line each. */
  readonly faults: readonly string[];
  /** What the server answered to each step, without what may vary. */
  readonly transcript: readonly unknown[];
}

interface Run extends Surroundings {
  readonly values: Values;
  readonly faults: string[];
  readonly transcript: unknown[];
}

/** The garbage collector of a real server takes half a minute to see a new kind. */
const patienceMs = 60_000;
const pauseMs = 100;

/** Runs a case to its end or to the first step that does not hold. */
export async function runCase(one: Case, surroundings: Surroundings): Promise<CaseResult> {
  const { namespace } = surroundings;
  const values = new Values({ ns: namespace, group: `${namespace}.example` });
  const run: Run = { ...surroundings, values, faults: [], transcript: [] };
  await runSteps(one.steps, run);
  return { faults: run.faults, transcript: run.transcript };
}

async function runSteps(steps: readonly Step[], run: Run): Promise<void> {
  for (const step of steps) {
    const faults = await runStep(step, run);
    run.faults.push(...faults.map((fault) => `${titleOf(step)}: ${fault}`));
    if (faults.length > 0) return;
  }
}

function runStep(step: Step, run: Run): Promise<readonly string[]> {
  switch (step.kind) {
    case "request":
      return patiently(step, () => request(step, run), run);
    case "kubectl":
      return patiently(step, () => command(step, run), run);
    case "watch":
      return watchEvents(step, run);
  }
}

interface Attempt {
  readonly faults: readonly string[];
  readonly record: unknown;
}

async function patiently(
  step: RequestStep | KubectlStep,
  attempt: () => Promise<Attempt>,
  { transcript }: Run,
): Promise<readonly string[]> {
  let last = await attempt();
  const until = performance.now() + (step.until === true ? patienceMs : 0);
  while (last.faults.length > 0 && performance.now() < until) {
    await sleep(pauseMs);
    last = await attempt();
  }
  transcript.push(last.record);
  return last.faults;
}

async function request(step: RequestStep, { http, values }: Run): Promise<Attempt> {
  const { status, type, body } = await http.send({
    method: step.method,
    path: values.text(step.path),
    body: values.json(step.body) as RequestStep["body"],
    headers: values.json(step.headers) as RequestStep["headers"],
  });
  for (const [name, path] of Object.entries(step.save ?? {})) values.set(name, String(valueAt(body, path)));
  const wrongStatus = status === step.status ? [] : [`status ${status}, not ${step.status}: ${show(body)}`];
  const faults = [...wrongStatus, ...unmet(body, values.json(step.holds) as RequestStep["holds"])];
  return { faults, record: { step: titleOf(step), status, ...select({ type, answer: body }, step.compare) } };
}

async function watchEvents(step: WatchStep, run: Run): Promise<readonly string[]> {
  const { http, values, transcript } = run;
  using watch = await http.watch(values.text(step.path), step.headers);
  if (watch.status !== 200) return [`status ${watch.status}, not 200`];
  for (const one of step.during ?? []) {
    const faults = await runStep(one, run);
    if (faults.length > 0) return faults;
  }
  const { events, end } = await take(
    watch.events,
    step.take === "end" ? Number.POSITIVE_INFINITY : step.take,
  );
  transcript.push({ step: titleOf(step), events: events.map((answer) => select({ answer }, step.compare)) });
  const wrong = step.events.flatMap((expected, index) =>
    unmet(events[index], expected).map((fault) => `event ${index}: ${fault}`),
  );
  return [...wrongEnd(step, events.length, end), ...wrong];
}

type End = "enough" | "closed" | "silence";

function wrongEnd({ take: wanted, events }: WatchStep, count: number, end: End): readonly string[] {
  const fine = wanted === "end" ? end === "closed" && count === events.length : end === "enough";
  return fine ? [] : [`${count} events, then ${end}`];
}

/** The first events; fewer where the stream is closed or nothing comes any more. */
async function take(
  stream: AsyncIterator<unknown>,
  count: number,
): Promise<{ readonly events: readonly unknown[]; readonly end: End }> {
  const events: unknown[] = [];
  const stop = new AbortController();
  const silence = sleep(patienceMs, undefined, { signal: stop.signal }).catch(() => undefined);
  try {
    while (events.length < count) {
      const next = await Promise.race([stream.next(), silence]);
      if (next === undefined) return { events, end: "silence" };
      if (next.done === true) return { events, end: "closed" };
      events.push(next.value);
    }
    return { events, end: "enough" };
  } finally {
    stop.abort();
  }
}

async function command(step: KubectlStep, run: Run): Promise<Attempt> {
  const { exit, stdout, stderr } = await runCommand(step, run);
  const { values } = run;
  const expected = (text: string | RegExp | undefined) =>
    typeof text === "string" ? values.text(text) : text;
  const faults = [
    ...(exit === (step.exit ?? 0) ? [] : [`exit ${exit}, not ${step.exit ?? 0}: ${stderr}`]),
    ...unmetText("stdout", stdout, expected(step.stdout)),
    ...unmetText("stderr", stderr, expected(step.stderr)),
  ];
  const compared = { stdout: selectLines(stdout, step.compare), stderr: selectLines(stderr, step.compare) };
  return { faults, record: { step: titleOf(step), exit, ...compared } };
}

function runCommand(step: KubectlStep, run: Run): Promise<KubectlResult> {
  const { values, namespace } = run;
  const kubectl = { ...run.kubectl, namespace };
  const parameters = words(values.text(step.command));
  const { follow } = step;
  if (follow !== undefined) {
    return followKubectl(kubectl, parameters, { ...follow, during: () => runSteps(follow.during, run) });
  }
  const input = step.input === undefined ? undefined : values.text(step.input);
  return runKubectl(kubectl, parameters, { input, editor: step.editor });
}

/** The words of a command line; single quotes keep blanks. */
function words(command: string): readonly string[] {
  return [...command.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ""));
}

interface Received {
  readonly type?: string;
  readonly answer: unknown;
}

/** What of an answer is compared. */
function select({ type, answer }: Received, compared: Compared | undefined): object {
  if (compared === undefined) return { type, answer: normaliseJson(answer) };
  if (compared === "status") return {};
  if (compared === "reason") return { reason: valueAt(answer, "reason") };
  return Object.fromEntries(compared.map((path) => [path, normaliseJson(valueAt(answer, path), path)]));
}

function selectLines(text: string, compared: KubectlStep["compare"]): string {
  if (compared === "nothing") return "";
  const normal = normaliseText(text);
  if (compared === undefined) return normal;
  return normal
    .split("\n")
    .filter((line) => compared.test(line))
    .join("\n");
}

function titleOf(step: Step): string {
  switch (step.kind) {
    case "request":
      return `${step.method} ${step.path}`;
    case "watch":
      return `watch ${step.path}`;
    case "kubectl":
      return `kubectl ${step.command}`;
  }
}

function show(body: unknown): string {
  const message = isRecord(body) ? body["message"] : undefined;
  return typeof message === "string" ? message : JSON.stringify(body);
}

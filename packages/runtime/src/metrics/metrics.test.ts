import { describe, expect, test } from "vitest";
import { stillGauges } from "../testing/gauges.ts";
import { createMetrics } from "./metrics.ts";

const web = { tenant: "acme", channel: "web", subset: "canary" };

/** The samples of the runtime's own metrics, by name and labels. */
async function samplesOf(metrics: ReturnType<typeof createMetrics>): Promise<ReadonlyMap<string, number>> {
  const { text } = await metrics.render();
  const lines = text.split("\n").filter((line) => line.startsWith("lmos_"));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]));
}

describe("what is measured when somebody asks", () => {
  test.each([
    { name: "lmos_turns_active", is: 3 },
    { name: "lmos_turns_waiting", is: 2 },
    { name: "lmos_turns_limit", is: 64 },
    { name: "lmos_routings", is: 5 },
    { name: "lmos_routings_age_seconds", is: 1.5 },
    { name: "lmos_routings_refused", is: 1 },
    { name: "lmos_ungranted_wires", is: 6 },
    { name: "lmos_embedding_changes", is: 2 },
    { name: "lmos_embedding_changing", is: 1 },
    { name: "lmos_conversations", is: 9 },
    { name: "lmos_agent_sockets_idle", is: 4 },
    { name: "lmos_agent_endpoints_resting", is: 0 },
    { name: "lmos_parts_whole", is: 1 },
    { name: 'lmos_part_failures_total{part="feed"}', is: 3 },
    { name: "lmos_state_up", is: 1 },
    { name: 'lmos_state_failures_total{operation="read"}', is: 7 },
  ])("$name is $is", async ({ name, is }) => {
    expect((await samplesOf(createMetrics(stillGauges))).get(name)).toBe(is);
  });

  test("is asked for anew each time", async () => {
    let active = 1;
    const metrics = createMetrics({ ...stillGauges, activeTurns: () => active });
    await metrics.render();
    active = 2;
    expect((await samplesOf(metrics)).get("lmos_turns_active")).toBe(2);
  });

  test("says that the state is down", async () => {
    const samples = await samplesOf(createMetrics({ ...stillGauges, stateUp: () => false }));
    expect(samples.get("lmos_state_up")).toBe(0);
  });
});

describe("what is counted", () => {
  test("are notes that were dropped", async () => {
    const metrics = createMetrics(stillGauges);
    expect((await samplesOf(metrics)).get("lmos_notes_dropped_total")).toBe(0);
    for (const count of [900, 1]) metrics.notesDropped(count);
    expect((await samplesOf(metrics)).get("lmos_notes_dropped_total")).toBe(901);
  });

  test("are turns that are not admitted, by the reason", async () => {
    const metrics = createMetrics(stillGauges);
    for (const reason of ["overloaded", "overloaded", "quota_exceeded"] as const) metrics.turnRefused(reason);
    const samples = await samplesOf(metrics);
    expect(samples.get('lmos_turns_refused_total{reason="overloaded"}')).toBe(2);
    expect(samples.get('lmos_turns_refused_total{reason="quota_exceeded"}')).toBe(1);
  });

  test("are turns by their end and their decision, with their times", async () => {
    const metrics = createMetrics(stillGauges);
    const turn = {
      channel: web,
      outcome: "answered",
      decision: "accept",
      ms: 20,
      routingMs: 2,
      confidence: 0.93,
    } as const;
    metrics.turnEnded(turn);
    metrics.turnEnded({ ...turn, outcome: "agent_timeout" });
    const samples = await samplesOf(metrics);
    expect([
      samples.get('lmos_turns_total{outcome="answered",decision="accept"}'),
      samples.get('lmos_turns_total{outcome="agent_timeout",decision="accept"}'),
      samples.get('lmos_turn_duration_seconds_count{decision="accept"}'),
      samples.get("lmos_routing_duration_seconds_count"),
      samples.get('lmos_routing_confidence_count{decision="accept"}'),
    ]).toEqual([1, 1, 2, 2, 2]);
  });

  test("are the turns of each channel, and none where nobody knows the channel", async () => {
    const metrics = createMetrics(stillGauges);
    const turn = { decision: "undecided", ms: 1, routingMs: undefined, confidence: undefined } as const;
    metrics.turnEnded({ ...turn, channel: web, outcome: "agent_timeout" });
    metrics.turnEnded({ ...turn, channel: undefined, outcome: "no_routing" });
    const counted = [...(await samplesOf(metrics))].filter(([name]) => name.startsWith("lmos_channel_turns"));
    const labels = 'tenant="acme",channel="web",subset="canary",outcome="agent_timeout",decision="undecided"';
    expect(counted).toEqual([[`lmos_channel_turns_total{${labels}}`, 1]]);
  });

  test("are the calls of each agent in each channel, with the time that they took", async () => {
    const metrics = createMetrics(stillGauges);
    const call = { channel: web, agent: "weather", outcome: "completed" } as const;
    metrics.callEnded({ ...call, ms: 500 });
    metrics.callEnded({ ...call, ms: 1_500 });
    metrics.callEnded({ ...call, channel: { ...web, subset: "stable" }, outcome: "unavailable", ms: 4 });
    const counted = [...(await samplesOf(metrics))].filter(([name]) => name.startsWith("lmos_agent_call_"));
    const canary = 'tenant="acme",channel="web",subset="canary",agent="weather",outcome="completed"';
    const stable = 'tenant="acme",channel="web",subset="stable",agent="weather",outcome="unavailable"';
    const samples = await samplesOf(metrics);
    expect(counted.filter(([name]) => name.includes("seconds_total"))).toEqual([
      [`lmos_agent_call_seconds_total{${canary}}`, 2],
      [`lmos_agent_call_seconds_total{${stable}}`, 0.004],
    ]);
    expect([canary, stable].map((labels) => samples.get(`lmos_agent_calls_total{${labels}}`))).toEqual([
      2, 1,
    ]);
  });

  test("S12 are calls of the language model and their tokens, of each tenant", async () => {
    const metrics = createMetrics(stillGauges);
    const usage = { input: 200, output: 10, source: "reported" } as const;
    metrics.modelCallEnded("acme", { outcome: "answered", usage });
    metrics.modelCallEnded("acme", { outcome: "timeout", usage: { ...usage, source: "estimated" } });
    metrics.modelCallEnded("acme", { outcome: "over-budget", usage: undefined });
    metrics.modelCallEnded("globex", { outcome: "answered", usage });
    metrics.modelCallEnded("globex", { outcome: "answered", usage });
    const counted = [...(await samplesOf(metrics))].filter(([name]) => name.startsWith("lmos_model_"));
    expect(counted).toEqual([
      ['lmos_model_calls_total{tenant="acme",outcome="answered"}', 1],
      ['lmos_model_calls_total{tenant="acme",outcome="timeout"}', 1],
      ['lmos_model_calls_total{tenant="acme",outcome="over-budget"}', 1],
      ['lmos_model_calls_total{tenant="globex",outcome="answered"}', 2],
      ['lmos_model_tokens_total{tenant="acme",direction="input",source="reported"}', 200],
      ['lmos_model_tokens_total{tenant="acme",direction="output",source="reported"}', 10],
      ['lmos_model_tokens_total{tenant="acme",direction="input",source="estimated"}', 200],
      ['lmos_model_tokens_total{tenant="acme",direction="output",source="estimated"}', 10],
      ['lmos_model_tokens_total{tenant="globex",direction="input",source="reported"}', 400],
      ['lmos_model_tokens_total{tenant="globex",direction="output",source="reported"}', 20],
    ]);
  });

  test("S12 are no more than a bounded number of tenants, whatever they are called", async () => {
    const metrics = createMetrics(stillGauges);
    for (let at = 0; at < 12_000; at++) {
      metrics.modelCallEnded(`tenant-${at}`, { outcome: "answered", usage: undefined });
    }
    const counted = [...(await samplesOf(metrics))].filter(([name]) => name.startsWith("lmos_model_calls"));
    expect(counted).toHaveLength(10_001);
    expect(counted.at(-1)).toEqual(['lmos_model_calls_total{tenant="other",outcome="other"}', 2000]);
  });

  test("is no confidence where the client chose the agent, and no time where nothing was decided", async () => {
    const metrics = createMetrics(stillGauges);
    metrics.turnEnded({
      channel: web,
      outcome: "answered",
      decision: "explicit",
      ms: 20,
      routingMs: undefined,
      confidence: 1,
    });
    const samples = await samplesOf(metrics);
    expect(samples.get('lmos_routing_confidence_count{decision="explicit"}')).toBeUndefined();
    expect(samples.get("lmos_routing_duration_seconds_count")).toBe(0);
  });

  test("are calls and authentications by what came of them", async () => {
    const metrics = createMetrics(stillGauges);
    metrics.callEnded({ channel: web, agent: "weather", outcome: "timedOut", ms: 1_000 });
    metrics.authenticationEnded("authenticated");
    const samples = await samplesOf(metrics);
    expect(samples.get('lmos_agent_call_duration_seconds_count{outcome="timedOut"}')).toBe(1);
    expect(samples.get('lmos_authentications_total{outcome="authenticated"}')).toBe(1);
  });

  test("stays apart between runtimes of one process", async () => {
    const [first, second] = [createMetrics(stillGauges), createMetrics(stillGauges)];
    first.callEnded({ channel: web, agent: "weather", outcome: "completed", ms: 1 });
    const name = 'lmos_agent_call_duration_seconds_count{outcome="completed"}';
    expect([(await samplesOf(first)).get(name), (await samplesOf(second)).get(name)]).toEqual([1, undefined]);
  });
});

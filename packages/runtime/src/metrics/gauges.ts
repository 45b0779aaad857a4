/** What the runtime measures when somebody asks: how things stand now. */
import { Counter, Gauge, type Registry } from "prom-client";

/** What is measured when somebody asks. */
export interface Gauges {
  readonly activeTurns: () => number;
  /** Turns that wait for a place. */
  readonly waitingTurns: () => number;
  /** Turns that may run at once. */
  readonly turnLimit: () => number;
  readonly routings: () => number;
  /** Milliseconds since their source last said that the routings are so. */
  readonly routingsAgeMs: () => number;
  /** Changes of routings that were refused: older, empty by accident, unreadable. */
  readonly refusedRoutings: () => number;
  /** Wires of routings that nobody granted. */
  readonly ungrantedWires: () => number;
  /** Changes of the model behind a service of vectors that were followed. */
  readonly embeddingChanges: () => number;
  /** Whether indexes are being built for a changed model, those that serve being of the one before. */
  readonly embeddingChanging: () => boolean;
  readonly conversations: () => number;
  /** Sockets to agents that wait for a turn. */
  readonly idleSockets: () => number;
  /** Endpoints whose breaker is open. */
  readonly restingEndpoints: () => number;
  /** Whether all parts run that are to run beside the turns, none of them failing again and again. */
  readonly isWhole: () => boolean;
  /** How often parts failed, by their name; they were started again. */
  readonly partFailures: () => Readonly<Record<string, number>>;
  /** Whether conversations and memories can be kept. */
  readonly stateUp: () => boolean;
  /** Uses of what keeps them that failed, by what was wanted. */
  readonly stateFailures: () => Readonly<Record<string, number>>;
}

interface GaugeRow {
  readonly name: string;
  readonly help: string;
  readonly value: (gauges: Gauges) => number;
}

const rows: readonly GaugeRow[] = [
  { name: "lmos_turns_active", help: "Turns that run now", value: ({ activeTurns }) => activeTurns() },
  {
    name: "lmos_turns_waiting",
    help: "Turns that wait for a place",
    value: ({ waitingTurns }) => waitingTurns(),
  },
  { name: "lmos_turns_limit", help: "Turns that may run at once", value: ({ turnLimit }) => turnLimit() },
  {
    name: "lmos_agent_sockets_idle",
    help: "Sockets that wait for a turn",
    value: ({ idleSockets }) => idleSockets(),
  },
  {
    name: "lmos_agent_endpoints_resting",
    help: "Endpoints that rest",
    value: ({ restingEndpoints }) => restingEndpoints(),
  },
  { name: "lmos_routings", help: "Channels that are served", value: ({ routings }) => routings() },
  {
    name: "lmos_routings_age_seconds",
    help: "Time since routings were last confirmed",
    value: ({ routingsAgeMs }) => routingsAgeMs() / 1000,
  },
  {
    name: "lmos_routings_refused",
    help: "Changes of routings that were refused",
    value: ({ refusedRoutings }) => refusedRoutings(),
  },
  {
    name: "lmos_ungranted_wires",
    help: "Wires of routings that are not granted, left out with --grants=enforce",
    value: ({ ungrantedWires }) => ungrantedWires(),
  },
  {
    name: "lmos_embedding_changes",
    help: "Changes of the model behind the service of vectors that were followed",
    value: ({ embeddingChanges }) => embeddingChanges(),
  },
  {
    name: "lmos_embedding_changing",
    help: "Whether indexes are being built for a changed model of vectors",
    value: ({ embeddingChanging }) => (embeddingChanging() ? 1 : 0),
  },
  {
    name: "lmos_parts_whole",
    help: "Whether all parts of the runtime run",
    value: ({ isWhole }) => (isWhole() ? 1 : 0),
  },
  {
    name: "lmos_state_up",
    help: "Whether conversations and memories can be kept",
    value: ({ stateUp }) => (stateUp() ? 1 : 0),
  },
  {
    name: "lmos_conversations",
    help: "Conversations that are remembered",
    value: ({ conversations }) => conversations(),
  },
];

/** Registers them all; each is asked for when the registry is read. */
export function addGauges(registry: Registry, gauges: Gauges): void {
  for (const row of rows) addGauge(registry, row, gauges);
  addFailures(registry, {
    name: "lmos_part_failures_total",
    help: "Failures of parts of the runtime, which were started again",
    label: "part",
    counts: gauges.partFailures,
  });
  addFailures(registry, {
    name: "lmos_state_failures_total",
    help: "Conversations and memories that could not be read, written or erased",
    label: "operation",
    counts: gauges.stateFailures,
  });
}

function addGauge(registry: Registry, { name, help, value }: GaugeRow, gauges: Gauges): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(value(gauges));
    },
  });
}

interface CounterRow {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  /** By the label's value; each only grows. */
  readonly counts: () => Readonly<Record<string, number>>;
}

function addFailures(registry: Registry, { name, help, label, counts }: CounterRow): void {
  new Counter({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      this.reset();
      for (const [value, count] of Object.entries(counts())) this.inc({ [label]: value }, count);
    },
  });
}

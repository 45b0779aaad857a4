/** The tasks of late, for clients that ask what became of one. Bounded; the oldest is forgotten first. */
import type { Turn, TurnEvent } from "../turn/turn.ts";
import type { TaskRef, TaskState } from "./response.ts";

/** A task as it is now. */
export interface RecentTask {
  readonly ref: TaskRef;
  readonly state: TaskState;
  readonly text: string | undefined;
}

/** Which task, and of which channel: others' are not found. */
export interface TaskKey {
  readonly tenant: string;
  readonly channel: string;
  readonly taskId: string;
  /** Who proved to have asked for it. */
  readonly owner: Turn["owner"];
}

const maxTasks = 1000;
/** Characters of an answer that are kept. */
const maxTextLength = 16 * 1024;

/** Remembers tasks. */
export class RecentTasks {
  readonly #tasks = new Map<string, RecentTask>();

  find(key: TaskKey): RecentTask | undefined {
    return this.#tasks.get(keyText(key));
  }

  /** Passes the events of a turn on and keeps what they say of its task. */
  async *watch(
    events: AsyncIterable<TurnEvent>,
    ref: TaskRef,
    { tenant, channel, owner }: Turn,
  ): AsyncGenerator<TurnEvent, void> {
    const key = keyText({ tenant, channel, owner, taskId: ref.taskId });
    let task: RecentTask = { ref, state: "working", text: undefined };
    this.#keep(key, task);
    try {
      for await (const event of events) {
        if (event.kind === "message") task = { ...task, text: event.content.slice(0, maxTextLength) };
        if (event.kind === "turn-end") task = { ...task, state: "completed" };
        this.#keep(key, task);
        yield event;
      }
    } finally {
      this.#keep(key, task.state === "working" ? { ...task, state: "failed" } : task);
    }
  }

  #keep(key: string, task: RecentTask): void {
    this.#tasks.set(key, task);
    const oldest = this.#tasks.keys().next().value;
    if (this.#tasks.size > maxTasks && oldest !== undefined) this.#tasks.delete(oldest);
  }
}

function keyText({ tenant, channel, owner, taskId }: TaskKey): string {
  return JSON.stringify([owner?.issuer ?? null, owner?.subject ?? null, tenant, channel, taskId]);
}

/** What A2A clients get, in the wording that they speak. */
import type { A2aVersion } from "./request.ts";

/** Where an answer belongs. */
export interface TaskRef {
  readonly taskId: string;
  readonly contextId: string;
}

/** How far a task is. */
export type TaskState = "working" | "completed" | "failed";

/** Makes answers. */
export interface A2aWriter {
  /** The whole answer to a message, without a task. */
  message(text: string, ref: TaskRef): unknown;
  /** A task as such. */
  task(ref: TaskRef, state: TaskState, text?: string): unknown;
  /** The first event of a stream. */
  taskEvent(ref: TaskRef): unknown;
  /** A task has come so far, or something was said on the way. */
  statusEvent(ref: TaskRef, state: TaskState, said?: StatusDetails): unknown;
  /** A piece of the answer. */
  artifactEvent(ref: TaskRef, piece: ArtifactPiece): unknown;
}

/** What goes with a status: words for the user, and what programs read. */
export interface StatusDetails {
  readonly text?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A piece of an answer; `append` unless it is the first, `lastChunk` where it ends it. */
export interface ArtifactPiece {
  readonly text: string;
  readonly append: boolean;
  readonly lastChunk: boolean;
}

/** The writer of a wording. */
export function writerFor(version: A2aVersion): A2aWriter {
  return version === "1.0" ? new Writer(wording10) : new Writer(wording03);
}

interface Wording {
  readonly role: string;
  state(state: TaskState): string;
  part(text: string): unknown;
  /** What an object of that kind carries about its kind. */
  mark(kind: string): object;
  /** An object of that kind where others could stand. */
  wrap(kind: string, body: object): unknown;
  /** Whether status events say that they are the last. */
  readonly marksFinal: boolean;
}

const wording03: Wording = {
  role: "agent",
  state: (state) => state,
  part: (text) => ({ kind: "text", text }),
  mark: (kind) => ({ kind }),
  wrap: (_kind, body) => body,
  marksFinal: true,
};

const names10: Readonly<Record<string, string>> = {
  "status-update": "statusUpdate",
  "artifact-update": "artifactUpdate",
};

const wording10: Wording = {
  role: "ROLE_AGENT",
  state: (state) => `TASK_STATE_${state.toUpperCase()}`,
  part: (text) => ({ text }),
  mark: () => ({}),
  wrap: (kind, body) => ({ [names10[kind] ?? kind]: body }),
  marksFinal: false,
};

class Writer implements A2aWriter {
  readonly #wording: Wording;

  constructor(wording: Wording) {
    this.#wording = wording;
  }

  message(text: string, ref: TaskRef): unknown {
    return this.#wording.wrap("message", this.#message(text, ref));
  }

  task(ref: TaskRef, state: TaskState, text?: string): object {
    const artifacts = text === undefined ? [] : [this.#artifact(text)];
    const { taskId, contextId } = ref;
    const status = { state: this.#wording.state(state) };
    return { ...this.#wording.mark("task"), id: taskId, contextId, status, artifacts };
  }

  taskEvent(ref: TaskRef): unknown {
    return this.#wording.wrap("task", this.task(ref, "working"));
  }

  statusEvent(ref: TaskRef, state: TaskState, { text, metadata }: StatusDetails = {}): unknown {
    const { wrap, mark, marksFinal } = this.#wording;
    const message = text === undefined ? {} : { message: this.#message(text, ref) };
    const final = marksFinal ? { final: state !== "working" } : {};
    const status = { state: this.#wording.state(state), ...message };
    const told = metadata === undefined ? {} : { metadata };
    return wrap("status-update", { ...mark("status-update"), ...ref, status, ...final, ...told });
  }

  artifactEvent(ref: TaskRef, { text, append, lastChunk }: ArtifactPiece): unknown {
    const artifact = this.#artifact(text);
    const mark = this.#wording.mark("artifact-update");
    return this.#wording.wrap("artifact-update", { ...mark, ...ref, artifact, append, lastChunk });
  }

  #message(text: string, { taskId, contextId }: TaskRef): object {
    const { role, part, mark } = this.#wording;
    return { ...mark("message"), messageId: `${taskId}-answer`, contextId, role, parts: [part(text)] };
  }

  #artifact(text: string): object {
    return { artifactId: "answer", parts: [this.#wording.part(text)] };
  }
}

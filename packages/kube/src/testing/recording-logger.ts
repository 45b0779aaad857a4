import type { LogFields, Logger } from "@lmos/primitives";

interface Line {
  readonly message: string;
  readonly fields: LogFields;
}

/** Keeps what is logged and lets a test wait for a line. */
export class RecordingLogger implements Logger {
  readonly lines: Line[] = [];
  readonly #waiting = new Map<string, (fields: LogFields) => void>();

  /** The fields of the next line with that message. */
  next(message: string): Promise<LogFields> {
    return new Promise((resolve) => this.#waiting.set(message, resolve));
  }

  readonly debug = (message: string, fields: LogFields = {}): void => this.#add(message, fields);
  readonly info = this.debug;
  readonly warn = this.debug;
  readonly error = this.debug;
  readonly child = (): Logger => this;

  #add(message: string, fields: LogFields): void {
    this.lines.push({ message, fields });
    this.#waiting.get(message)?.(fields);
    this.#waiting.delete(message);
  }
}

/** Where the log of a process lies: `<directory>/logs/<namespace>/<deployment>/<replica>.log`. */
import { join } from "node:path";

/** Which Deployment's logs, in which cluster directory. */
export interface LogLocation {
  readonly directory: string;
  readonly namespace: string;
  /** Name of the Deployment. */
  readonly name: string;
}

/** The folder of a Deployment's logs. */
export function logFolder({ directory, namespace, name }: LogLocation): string {
  return join(directory, "logs", namespace, name);
}

/** The file that a replica's output is appended to. */
export function logPath(location: LogLocation, replica: number): string {
  return join(logFolder(location), `${replica}.log`);
}

/** Where that file goes when it is full. */
export function fullLogPath(path: string): string {
  return `${path}.old`;
}

/** A process table on this machine: real programs, loopback ports, log files. */
import { resolve } from "node:path";
import type { ObjectKey } from "@lmos/kube";
import type { Clock, IdSource, Logger, Random } from "@lmos/primitives";
import { LogFile } from "../logs/log-file.ts";
import { logPath } from "../logs/log-path.ts";
import { type Environment, processEnvironment } from "./environment.ts";
import { createPortAllocator } from "./ports.ts";
import { createProber } from "./prober.ts";
import { ProcessTable } from "./process-table.ts";
import { createSpawner, type GroupCustodian, type OutputSink } from "./spawner.ts";

/** Where processes run and with what. */
export interface MachineOptions {
  /** The cluster's directory: logs go below it. */
  readonly directory: string;
  /** The folder that relative working directories start from, and the working directory of all other processes. */
  readonly baseFolder: string;
  /** The environment of this process, of which only a few variables are handed down. */
  readonly baseEnvironment: Readonly<Record<string, string | undefined>>;
  /** Variables that every process gets. */
  readonly extraEnvironment: Environment;
  readonly custodian: GroupCustodian;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly logger: Logger;
}

/** An empty table of this machine's processes. */
export function createMachineTable(options: MachineOptions): ProcessTable {
  const { baseEnvironment: base, baseFolder, clock, custodian, directory, extraEnvironment: extra } = options;
  const { ids, logger, random } = options;
  return new ProcessTable({
    spawner: createSpawner({ custodian }),
    prober: createProber({ clock }),
    ports: createPortAllocator(),
    outputOf: (deployment, replica) => logOf(directory, deployment, { replica, logger }),
    environmentOf: (launch, port) => processEnvironment({ base, extra, declared: launch.environment, port }),
    workingDirectoryOf: (launch) => resolve(baseFolder, launch.workingDirectory ?? "."),
    clock,
    random,
    ids,
    logger,
  });
}

/** What can't be written (a full disk) is lost: it must stop neither the process nor the cluster. */
function logOf(
  directory: string,
  { namespace = "default", name }: ObjectKey,
  { replica, logger }: { readonly replica: number; readonly logger: Logger },
): OutputSink {
  const file = new LogFile(logPath({ directory, namespace, name }, replica));
  return {
    write: (chunk) => {
      try {
        file.write(chunk);
      } catch (error) {
        logger.warn("output of a process was lost", { namespace, name, replica, error });
      }
    },
    end: () => file.end(),
  };
}

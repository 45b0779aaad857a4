import type { Clock } from "@lmos/primitives";
import type { Credentials, KubeConnection } from "./connection.ts";

const freshMs = 10_000;

/** Asks the connection for credentials at most every ten seconds, and again once they were refused. */
export interface CredentialCache {
  current(): Promise<Credentials>;
  /** The server refused what `current` gave: the next call asks again. */
  forget(): void;
}

/** The cache of one client. */
export function createCredentialCache(connection: KubeConnection, clock: Clock): CredentialCache {
  let read: Promise<Credentials> | undefined;
  let readAtMs = 0;
  const forget = (): void => {
    read = undefined;
  };
  return {
    forget,
    current: () => {
      if (read !== undefined && clock.monotonic() - readAtMs < freshMs) return read;
      const asked = connection.credentials?.() ?? Promise.resolve({});
      readAtMs = clock.monotonic();
      read = asked;
      asked.catch(() => read === asked && forget());
      return asked;
    },
  };
}

import type { Clock } from "@lmos/primitives";
import type { Credentials, KubeConnection } from "./connection.ts";

const freshMs = 10_000;

/** Asks the connection for credentials at most every ten seconds, and again once they were refused. */
export interface CredentialCache {
  current(): Promise<Credentials>;
  /** These were refused, or none could be had: unless others are known by now, renewed ones are asked for. */
  refuse(credentials: Credentials | undefined): void;
}

interface Answer {
  readonly promise: Promise<Credentials>;
  readonly askedAtMs: number;
  /** What the promise has given. */
  credentials?: Credentials;
}

/** The cache of one client. */
export function createCredentialCache(connection: KubeConnection, clock: Clock): CredentialCache {
  let last: Answer | undefined;
  const ask = (renew: boolean): Answer => {
    const promise = connection.credentials?.({ renew }) ?? Promise.resolve({});
    const asked: Answer = { promise, askedAtMs: clock.monotonic() };
    const onFailure = (): void => {
      if (last === asked) last = undefined;
    };
    const onAnswer = (credentials: Credentials): void => {
      asked.credentials = credentials;
    };
    promise.then(onAnswer, onFailure);
    return asked;
  };
  return {
    current: () => {
      if (last === undefined || clock.monotonic() - last.askedAtMs >= freshMs) last = ask(false);
      return last.promise;
    },
    refuse: (credentials) => {
      if (last === undefined || last.credentials === credentials) last = ask(true);
    },
  };
}

/**
 * What is there already, or will be. Nearly all messages are read by a model that has nothing to wait for, and a promise
 * that is waited for costs a turn as much as a part of the reading.
 */
export type Soon<T> = T | Promise<T>;

/** Goes on with it: at once where it is there. What `next` throws then is thrown here. */
export function after<T, Result>(value: Soon<T>, next: (value: T) => Soon<Result>): Soon<Result> {
  return value instanceof Promise ? value.then(next) : next(value);
}

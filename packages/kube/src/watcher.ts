/**
 * List and watch of one type as a state machine without clock, chance or store: one step at a time, over a port with
 * two methods. Who drives it decides what to do with the output and how long to wait after a failure.
 *
 *            first page         last page           opened
 *   empty ──────────────► listing ──────────► listed ──────► watching ──┐ event
 *     ▲                     │  ▲ page           ▲  ▲            │  ▲────┘
 *     │        failure      │  └─┘              │  └── ended ───┤
 *     ├─────────────────────┘                   └─── failure ───┤
 *     └── Expired or unreadable ────────────────────────────────┘
 */
import { nextTurn } from "@lmos/primitives";
import type { CallOptions, ObjectList, WatchEvent } from "./client.ts";
import { isKubeError, type KubeErrorCode } from "./errors.ts";
import type { KubeObject } from "./object.ts";

/** The two calls that a watcher needs. */
export interface WatcherPort<T> {
  list(continueToken: string | undefined, options: CallOptions): Promise<ObjectList<T>>;
  watch(resourceVersion: string, options: CallOptions): AsyncIterable<WatchEvent<T>>;
}

/** All that is known between two steps. */
export type WatcherState<T> =
  | { readonly kind: "empty" }
  | { readonly kind: "listing"; readonly pages: readonly ObjectList<T>[]; readonly continueToken: string }
  | { readonly kind: "listed"; readonly resourceVersion: string }
  | {
      readonly kind: "watching";
      readonly resourceVersion: string;
      readonly events: AsyncIterator<WatchEvent<T>>;
    };

/** What a step brought to light. */
export type WatcherOutput<T> =
  | { readonly kind: "page" | "opened" | "ended" }
  | ({ readonly kind: "listed" } & Pick<ObjectList<T>, "items" | "invalid" | "resourceVersion">)
  | { readonly kind: "event"; readonly event: WatchEvent<T> };

/** The state after a step, and its output. */
export interface WatcherStep<T> {
  readonly state: WatcherState<T>;
  readonly output: WatcherOutput<T>;
}

/** Takes one step. A failure is thrown; the state to go on from is then {@link stateAfterFailure}. */
export async function stepWatcher<T extends KubeObject>(
  state: WatcherState<T>,
  port: WatcherPort<T>,
  options: CallOptions,
): Promise<WatcherStep<T>> {
  switch (state.kind) {
    case "empty":
      return addPage([], await port.list(undefined, options));
    case "listing":
      await nextTurn(); // others may run between two large pages
      return addPage(state.pages, await port.list(state.continueToken, options));
    case "listed": {
      const events = port.watch(state.resourceVersion, options)[Symbol.asyncIterator]();
      return { state: { ...state, kind: "watching", events }, output: { kind: "opened" } };
    }
    case "watching":
      return takeEvent(state, await state.events.next());
    default:
      return state satisfies never;
  }
}

/** What a watch from the same version on would only run into again. */
const mustListAfter: ReadonlySet<KubeErrorCode> = new Set(["Expired", "ProtocolError", "ResponseTooLarge"]);

/** Where to go on after a step threw: from the last seen version, or from a new list where that can't do. */
export function stateAfterFailure<T>(state: WatcherState<T>, error: unknown): WatcherState<T> {
  const mustList = isKubeError(error) && mustListAfter.has(error.code);
  if (mustList || state.kind === "empty" || state.kind === "listing") return { kind: "empty" };
  return { kind: "listed", resourceVersion: state.resourceVersion };
}

function addPage<T>(before: readonly ObjectList<T>[], page: ObjectList<T>): WatcherStep<T> {
  const pages = [...before, page];
  if (page.continueToken !== undefined) {
    const state = { kind: "listing", pages, continueToken: page.continueToken } as const;
    return { state, output: { kind: "page" } };
  }
  const items = pages.flatMap((each) => each.items);
  const invalid = pages.flatMap((each) => each.invalid);
  const { resourceVersion } = page;
  return {
    state: { kind: "listed", resourceVersion },
    output: { kind: "listed", items, invalid, resourceVersion },
  };
}

function takeEvent<T extends KubeObject>(
  state: WatcherState<T> & { readonly kind: "watching" },
  result: IteratorResult<WatchEvent<T>>,
): WatcherStep<T> {
  if (result.done === true) {
    return { state: { kind: "listed", resourceVersion: state.resourceVersion }, output: { kind: "ended" } };
  }
  const event = result.value;
  const resourceVersion = versionOf(event) ?? state.resourceVersion;
  return { state: { ...state, resourceVersion }, output: { kind: "event", event } };
}

/** The version after an event, where it tells one. */
export function versionOf(event: WatchEvent<KubeObject>): string | undefined {
  switch (event.kind) {
    case "bookmark":
      return event.resourceVersion;
    case "invalid":
      return event.invalid.resourceVersion;
    default:
      return event.object.metadata.resourceVersion;
  }
}

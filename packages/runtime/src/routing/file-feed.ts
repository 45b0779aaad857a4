/**
 * Routings from a file. It is read again when it changes; a text that cannot be read, or that is suddenly empty, is
 * refused: the routings of before go on serving.
 */
import { createObjectStore } from "@lmos/kube";
import { type Clock, errorMessage, type Logger } from "@lmos/primitives";
import { type ChannelRouting, channelIdentityOf } from "@lmos/resources";
import { ChangingFile, lookEveryMs } from "../changing-file.ts";
import { RuntimeError } from "../errors.ts";
import { type ChannelCatalogue, createChannelCatalogue } from "./channel-catalogue.ts";
import type { RoutingFeed } from "./feed.ts";
import { describeMissingInFile } from "./missing-routing.ts";
import type { RoutingsText } from "./read-routings.ts";
import { identityIndex } from "./routing-table.ts";
import { identityText } from "./snapshot.ts";

/** What the feed is made of. */
export interface FileFeedOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A feed that holds nothing before its `run`. */
export function createFileFeed(options: FileFeedOptions): RoutingFeed {
  return new FileFeed(options);
}

class FileFeed implements RoutingFeed {
  readonly routings = createObjectStore<ChannelRouting>({
    indexes: { [identityIndex]: (routing) => [identityText(channelIdentityOf(routing))] },
  });
  readonly rollouts = undefined;
  readonly fetch = undefined;
  readonly catalogue: ChannelCatalogue;
  readonly #options: FileFeedOptions;
  readonly #file: ChangingFile;
  /** The file as it is now was refused. */
  #isRefused = false;
  /** What was last said of it. */
  readonly describeMissing = describeMissingInFile;
  #complaint: string | undefined;
  #readAt: number;
  #refused = 0;

  constructor(options: FileFeedOptions) {
    this.#options = options;
    this.#file = new ChangingFile(options.path);
    this.#readAt = options.clock.monotonic();
    const catalogue = createChannelCatalogue({
      ...{ channels: noChannels(), routings: this.routings },
      describeMissing: this.describeMissing,
    });
    // Namespaces mean nothing in a file: its routings may be without one.
    this.catalogue = {
      ...catalogue,
      routing: (query, call) => catalogue.routing({ ...query, namespace: undefined }, call),
    };
  }

  get refused(): number {
    return this.#refused;
  }

  ageMs(): number {
    return this.#options.clock.monotonic() - this.#readAt;
  }

  async open(): Promise<void> {
    await this.#look((message) => {
      throw new RuntimeError("InvalidRoutings", message);
    });
  }

  async run({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(lookEveryMs, { signal }).catch(() => undefined); // only the signal ends it early
      if (!signal.aborted) await this.#look((message) => this.#refuse(message));
    }
  }

  async #look(refuse: (message: string) => void): Promise<void> {
    const { path, clock } = this.#options;
    let text: string | undefined;
    try {
      text = await this.#file.look();
    } catch (error) {
      return refuse(`The file of routings ${path} cannot be read: ${errorMessage(error)}`);
    }
    if (text !== undefined) await this.#read(text, refuse);
    if (this.#isRefused) return;
    this.#readAt = clock.monotonic();
    this.#complaint = undefined;
  }

  async #read(content: string, refuse: (message: string) => void): Promise<void> {
    const { path, logger } = this.#options;
    const { readRoutings } = await import("./read-routings.ts"); // who has no file needs no reader of YAML in memory
    const text = readRoutings(content);
    const objection = this.#objection(text);
    this.#isRefused = objection !== undefined;
    if (objection !== undefined) return refuse(`The routings in ${path} cannot be used: ${objection}`);
    if (text.kind === "read") this.routings.replaceAll(text.routings);
    logger.info("The routings were read", { path, channels: this.routings.list().length });
  }

  #objection(text: RoutingsText): string | undefined {
    if (text.kind === "unreadable") return text.message;
    const isEmptied = text.routings.length === 0 && this.routings.list().length > 0;
    return isEmptied ? "it has no routings any more, which is taken for a mistake" : undefined;
  }

  #refuse(message: string): void {
    this.#refused += 1;
    if (message !== this.#complaint)
      this.#options.logger.warn(`${message}; the routings of before go on serving`);
    this.#complaint = message;
  }
}

/** A file tells no Channels. */
function noChannels(): ReturnType<typeof createObjectStore<never>> {
  const store = createObjectStore<never>({ indexes: { [identityIndex]: () => [] } });
  store.replaceAll([]);
  return store;
}

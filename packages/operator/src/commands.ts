/** What a plan consists of, as data. `apply.ts` carries it out. */
import type { EventRecord, KubeObject } from "@lmos/kube";

/** The kinds that the operator writes. */
export type WrittenKind = "Agent" | "Channel" | "ChannelRouting";

/** Server-side apply of `desired`, left out where `live` already is like that. */
export interface ApplyCommand {
  readonly kind: "apply";
  readonly target: WrittenKind;
  readonly subresource?: "status";
  readonly fieldManager: string;
  readonly live: KubeObject | undefined;
  readonly desired: KubeObject;
  /** Recorded when something was written. */
  readonly event?: EventRecord;
}

/** Deletion of exactly this object; nothing where it is gone already. */
export interface DeleteCommand {
  readonly kind: "delete";
  readonly target: WrittenKind;
  readonly live: KubeObject;
  /** Recorded when something was deleted. */
  readonly event: EventRecord;
}

/** An event to record in any case. */
export interface RecordCommand {
  readonly kind: "record";
  readonly event: EventRecord;
}

/** One step of a plan. */
export type Command = ApplyCommand | DeleteCommand | RecordCommand;

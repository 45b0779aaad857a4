/**
 * Carries out a plan, step by step in its order. Idempotent: a step whose effect is already there writes nothing, so a
 * plan that broke off is simply made and carried out again.
 */
import {
  applyIfChanged,
  type CallOptions,
  type EventRecorder,
  type KubeClient,
  type KubeObject,
  keyOf,
  type ResourceType,
} from "@lmos/kube";
import { agentKind, channelKind, channelRoutingKind } from "@lmos/resources";
import type { ApplyCommand, Command, DeleteCommand, WrittenKind } from "./commands.ts";

/** What plans are carried out with. */
export interface Writers {
  readonly client: Pick<KubeClient, "apply" | "delete">;
  readonly events: Pick<EventRecorder, "record">;
}

const types: Readonly<Record<WrittenKind, ResourceType>> = {
  Agent: agentKind,
  Channel: channelKind,
  ChannelRouting: channelRoutingKind,
};

/** Carries out the commands; stops at the first write that fails and throws its KubeError. */
export async function applyCommands(
  commands: readonly Command[],
  writers: Writers,
  options: CallOptions,
): Promise<void> {
  for (const command of commands) {
    if (command.kind === "record") writers.events.record(command.event);
    else if (command.kind === "delete") await deleteOne(command, writers, options);
    else await applyOne(command, writers, options);
  }
}

async function deleteOne(
  { target, live, event }: DeleteCommand,
  writers: Writers,
  { signal }: CallOptions,
): Promise<void> {
  const { uid, resourceVersion } = live.metadata;
  const only = { uid, resourceVersion, signal };
  const outcome = await writers.client.delete(types[target], keyOf(live), only);
  if (outcome === "deleted") writers.events.record(event);
}

async function applyOne(command: ApplyCommand, writers: Writers, { signal }: CallOptions): Promise<void> {
  const type: ResourceType<KubeObject> = types[command.target];
  const outcome = await applyIfChanged(writers.client, type, command.live, command.desired, {
    fieldManager: command.fieldManager,
    subresource: command.subresource,
    force: true,
    signal,
  });
  if (outcome === "applied" && command.event !== undefined) writers.events.record(command.event);
}

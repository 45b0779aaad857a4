/**
 * The fence around a leader's writes. A lease alone does not keep a replaced leader from writing: so each write asks
 * first whether this process still leads, each routing carries the term under which it was written, and the API server
 * refuses a lower one than it holds.
 */
import type { KubeClient, KubeObject, Leadership } from "@lmos/kube";
import { isRecord } from "@lmos/primitives";
import { channelRoutingKind } from "@lmos/resources";
import { OperatorError } from "../errors.ts";

/** What the controllers write with. */
export type WritingClient = Pick<KubeClient, "apply" | "delete">;

/** What the fence knows about the leadership that it guards. */
export type FencedLeadership = Pick<Leadership, "term" | "lost" | "isCurrent">;

/**
 * The same client behind the fence. Writes throw OperatorError `LeadershipLost` when this process no longer leads. A
 * routing that holds a higher term is not written: `onSuperseded` is called, as only a newer term can mend that.
 */
export function fenceWrites(
  client: WritingClient,
  leadership: FencedLeadership,
  onSuperseded: (error: OperatorError) => void,
): WritingClient {
  const { term, lost } = leadership;
  return {
    apply: (type, object, options) => {
      mustBeCurrent(leadership);
      const signal = AbortSignal.any([options.signal, lost]);
      // A status says something about a routing; it is not what users are led by.
      if (type.kind !== channelRoutingKind.kind || options.subresource !== undefined)
        return client.apply(type, object, { ...options, signal });
      const found = writerTermOf(object);
      if (found > term) throw superseded(object, { found, term }, onSuperseded);
      return client.apply(type, withTerm(object, term), { ...options, signal });
    },
    delete: (type, key, options) => {
      mustBeCurrent(leadership);
      return client.delete(type, key, { ...options, signal: AbortSignal.any([options.signal, lost]) });
    },
  };
}

function mustBeCurrent({ isCurrent, term }: FencedLeadership): void {
  if (isCurrent()) return;
  throw new OperatorError(
    "LeadershipLost",
    `the leadership of term ${term} has ended: nothing more is written`,
  );
}

function superseded(
  { metadata }: KubeObject,
  { found, term }: { readonly found: number; readonly term: number },
  onSuperseded: (error: OperatorError) => void,
): OperatorError {
  const message = `the routing ${metadata.name} carries the term ${found}, above our ${term}: a newer leader wrote it, or somebody edited it`;
  const error = new OperatorError("LeadershipLost", message, { details: { found, term } });
  onSuperseded(error);
  return error;
}

/** The term that a routing carries; 0 for one that was written without election. */
function writerTermOf(object: KubeObject): number {
  const term = specOf(object)["writerTerm"];
  return typeof term === "number" ? term : 0;
}

function withTerm(object: KubeObject, writerTerm: number): KubeObject {
  const stamped: KubeObject & { readonly spec: object } = {
    ...object,
    spec: { ...specOf(object), writerTerm },
  };
  return stamped;
}

function specOf(object: KubeObject): Readonly<Record<string, unknown>> {
  const spec = "spec" in object ? object.spec : undefined;
  return isRecord(spec) ? spec : {};
}

/**
 * The catalogue in the order that the arithmetic wants: one class per capability, the examples of a class next to
 * each other. Both are put into an order of their own, so that the order they came in changes nothing, not even the
 * last bit of a sum.
 */
import type { CapabilityExample, RankedCapability } from "./model.ts";

/** Where a class's examples lie, and whose it is. */
export interface ExampleClass {
  readonly agent: string;
  readonly capability: string;
  /** First example of the class. */
  readonly start: number;
  /** One after its last example. */
  readonly end: number;
}

/** All examples, class after class. */
export interface ClassLayout {
  readonly classes: readonly ExampleClass[];
  readonly examples: readonly CapabilityExample[];
  /** Index of the class of every example. */
  readonly classOf: Int32Array;
}

/** Capabilities without any example are left out: nothing can be said about them. */
export function layOutClasses(capabilities: readonly RankedCapability[]): ClassLayout {
  const classes: ExampleClass[] = [];
  const examples: CapabilityExample[] = [];
  for (const { agent, id, examples: own } of capabilities.toSorted(byAgentAndId)) {
    if (own.length === 0) continue;
    classes.push({ agent, capability: id, start: examples.length, end: examples.length + own.length });
    examples.push(...own.toSorted(byHashAndText));
  }
  const classOf = new Int32Array(examples.length);
  for (const [index, { start, end }] of classes.entries()) classOf.fill(index, start, end);
  return { classes, examples, classOf };
}

function byAgentAndId(left: RankedCapability, right: RankedCapability): number {
  return compareText(left.agent, right.agent) || compareText(left.id, right.id);
}

/** By hash first: the head of such a list is then a fair sample of it, which an alphabetical one is not. */
function byHashAndText(left: CapabilityExample, right: CapabilityExample): number {
  return hashText(left.text) - hashText(right.text) || compareText(left.text, right.text);
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

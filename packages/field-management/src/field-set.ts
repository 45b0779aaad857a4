import { canonicalJson, isRecord, type JsonObject } from "@lmos/primitives";

/**
 * Sets of fields of an object, as `metadata.managedFields` records them (`fieldsV1`): a tree whose edges are path
 * elements (`f:name` a member, `k:{…}` an item of a list map, `v:…` an item of a set) and whose nodes say whether
 * that field itself belongs to the set. A node can be in the tree only for the sake of what is below it.
 */
export type FieldSet = ReadonlyMap<string, FieldNode>;

export interface FieldNode {
  readonly member: boolean;
  readonly children: FieldSet;
}

/** From the object's root to a field, as path elements. */
export type FieldPath = readonly string[];

/** The set without a field. */
export const emptyFieldSet: FieldSet = new Map();

const absent: FieldNode = { member: false, children: emptyFieldSet };

/** The node of a path element; an empty one when the set has nothing there. */
export function nodeAt(set: FieldSet, element: string): FieldNode {
  return set.get(element) ?? absent;
}

export function unionOf(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, union);
}

export function intersectionOf(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, intersection);
}

/** What is in `left` and not in `right`, field by field: taking away a parent leaves its children. */
export function differenceOf(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, difference);
}

/** What of two sets is in the result; where one of them is empty, the other can be taken or left as it is. */
interface Operation {
  readonly isMember: (inLeft: boolean, inRight: boolean) => boolean;
  readonly keepsLeft: boolean;
  readonly keepsRight: boolean;
}

const union: Operation = { isMember: (left, right) => left || right, keepsLeft: true, keepsRight: true };
const intersection: Operation = {
  isMember: (left, right) => left && right,
  keepsLeft: false,
  keepsRight: false,
};
const difference: Operation = {
  isMember: (left, right) => left && !right,
  keepsLeft: true,
  keepsRight: false,
};

function combine(left: FieldSet, right: FieldSet, operation: Operation): FieldSet {
  if (right.size === 0) return operation.keepsLeft ? left : emptyFieldSet;
  if (left.size === 0) return operation.keepsRight ? right : emptyFieldSet;
  const combined = new Map<string, FieldNode>();
  const put = (element: string, one: FieldNode, other: FieldNode): void => {
    const member = operation.isMember(one.member, other.member);
    const children = combine(one.children, other.children, operation);
    if (member || children.size > 0) combined.set(element, { member, children });
  };
  for (const [element, node] of left) put(element, node, nodeAt(right, element));
  for (const [element, node] of right) if (!left.has(element)) put(element, absent, node);
  return combined;
}

/** The set of the given paths. */
export function fieldSetOf(paths: readonly FieldPath[]): FieldSet {
  const root = new Map<string, GrowingNode>();
  for (const path of paths) {
    let children = root;
    for (const [depth, element] of path.entries()) {
      const node = children.get(element) ?? { member: false, children: new Map<string, GrowingNode>() };
      node.member ||= depth === path.length - 1;
      children.set(element, node);
      children = node.children;
    }
  }
  return root;
}

interface GrowingNode {
  member: boolean;
  readonly children: Map<string, GrowingNode>;
}

/** Every member's path, in the order in which Kubernetes lists them: sorted, and a level before what is below it. */
export function pathsOf(set: FieldSet, prefix: FieldPath = []): readonly FieldPath[] {
  const nodes = sortedNodes(set);
  const here = nodes.filter(([, node]) => node.member).map(([element]) => [...prefix, element]);
  return [...here, ...nodes.flatMap(([element, node]) => pathsOf(node.children, [...prefix, element]))];
}

/** The `fieldsV1` form: equal sets give equal text. */
export function encodeFieldSet(set: FieldSet): JsonObject {
  const members = sortedNodes(set).map(([element, node]): [string, JsonObject] => {
    const self = node.member && node.children.size > 0 ? { ".": {} } : {};
    return [element, { ...self, ...encodeFieldSet(node.children) }];
  });
  return Object.fromEntries(members);
}

/** Reads `fieldsV1`; elements that no version of Kubernetes writes are left out. */
export function decodeFieldSet(fields: unknown): FieldSet {
  if (!isRecord(fields)) return emptyFieldSet;
  const nodes = Object.entries(fields).flatMap(([key, below]): [string, FieldNode][] => {
    const element = normalElement(key);
    if (element === undefined) return [];
    const children = decodeFieldSet(below);
    const member = children.size === 0 || (isRecord(below) && "." in below);
    return [[element, { member, children }]];
  });
  return new Map(nodes);
}

function normalElement(text: string): string | undefined {
  if (text.startsWith("f:") || text.startsWith("i:")) return text;
  if (!text.startsWith("k:") && !text.startsWith("v:")) return undefined;
  try {
    return text.slice(0, 2) + canonicalJson(JSON.parse(text.slice(2)));
  } catch {
    return undefined; // not JSON: nothing that could be compared with an object's fields
  }
}

/** The path as Kubernetes prints it: `.spec.containers[name="main"].image`. */
export function formatFieldPath(path: FieldPath): string {
  return path.map(formatElement).join("");
}

function formatElement(element: string): string {
  const text = element.slice(2);
  if (element.startsWith("f:")) return `.${text}`;
  if (!element.startsWith("k:")) return element.startsWith("v:") ? `[=${text}]` : `[${text}]`;
  const key: unknown = JSON.parse(text);
  const pairs = Object.entries(isRecord(key) ? key : {}).map(
    ([name, value]) => `${name}=${JSON.stringify(value)}`,
  );
  return `[${pairs.join(",")}]`;
}

function sortedNodes(set: FieldSet): readonly [string, FieldNode][] {
  return [...set].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
}

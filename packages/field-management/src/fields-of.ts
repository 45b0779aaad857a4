import { asObject, type JsonObject, type JsonValue } from "@lmos/primitives";
import { emptyFieldSet, type FieldNode, type FieldSet } from "./field-set.ts";
import { isNamedMember, type ListItem, type MaybeSchema, mergeableOf, schemaOfMember } from "./merge-kind.ts";

/** The fields that an applied configuration mentions: every leaf, every list item, every key of a map. */
export function fieldsOf(schema: MaybeSchema, value: JsonValue): FieldSet {
  const mergeable = mergeableOf(schema, value);
  switch (mergeable.kind) {
    case "whole":
      return emptyFieldSet;
    case "object":
      return new Map(
        Object.entries(mergeable.object).flatMap(([key, member]) => memberNode(schema, key, member)),
      );
    case "list":
      return new Map([...Map.groupBy(mergeable.items, (item) => item.element)].map(itemNode(schema)));
  }
}

/** Items that share an element can't be told apart: only that there are such is noted. */
function itemNode(schema: MaybeSchema) {
  return ([element, [item, another]]: [string, readonly ListItem[]]): [string, FieldNode] => {
    const known = item !== undefined && another === undefined;
    return [element, { member: true, children: known ? fieldsOf(schema?.items, item.value) : emptyFieldSet }];
  };
}

function memberNode(schema: MaybeSchema, key: string, member: JsonValue): readonly [string, FieldNode][] {
  const memberSchema = schemaOfMember(schema, key);
  const children = fieldsOf(memberSchema, member);
  const object = asObject(member);
  const isLeaf = mergeableOf(memberSchema, member).kind === "whole" || isEmptyObject(object);
  const node = { member: isLeaf || !isNamedMember(schema, key), children };
  return node.member || children.size > 0 ? [[`f:${key}`, node]] : [];
}

function isEmptyObject(object: JsonObject | undefined): boolean {
  return object !== undefined && Object.keys(object).length === 0;
}

/**
 * The set with the containers that the schema names and that it holds something of, which field sets leave out: to
 * take away all that a manager set under `spec.strategy` is to take away `spec.strategy`.
 */
export function withNamedContainers(schema: MaybeSchema, set: FieldSet): FieldSet {
  return new Map(
    [...set].map(([element, node]): [string, FieldNode] => {
      const key = element.startsWith("f:") ? element.slice(2) : undefined;
      const below = key === undefined ? schema?.items : schemaOfMember(schema, key);
      const named = key !== undefined && isNamedMember(schema, key);
      return [element, { member: node.member || named, children: withNamedContainers(below, node.children) }];
    }),
  );
}

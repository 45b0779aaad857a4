/** Where a node of a document is: what is around it. */
import { type ASTNode, type DocumentNode, visit } from "graphql";

/** The nodes around a node, the outermost first, and the node itself as the last. */
export type NodePlace = readonly ASTNode[];

/** The places of those very nodes: one walk for all of them. */
export function placesOf(
  document: DocumentNode,
  wanted: ReadonlySet<ASTNode>,
): ReadonlyMap<ASTNode, NodePlace> {
  const places = new Map<ASTNode, NodePlace>();
  visit(document, {
    enter: (node, _key, parent, _path, ancestors) => {
      if (!wanted.has(node)) return;
      const around = parent === undefined ? ancestors : [...ancestors, parent];
      places.set(node, [...around.filter(isSingleNode), node]);
    },
  });
  return places;
}

/** The innermost node of that kind, the node itself included; that one where there is none. */
export function enclosing(place: NodePlace, kind: string): ASTNode | undefined {
  return place.findLast((node) => node.kind === kind) ?? place.at(-1);
}

/** The names of the fields, and of the fragment, that lead to the node. */
export function pathOf(place: NodePlace): readonly string[] {
  return place.flatMap((node) =>
    node.kind === "Field" || node.kind === "FragmentDefinition" ? [node.name.value] : [],
  );
}

function isSingleNode(ancestor: ASTNode | readonly ASTNode[]): ancestor is ASTNode {
  return "kind" in ancestor;
}

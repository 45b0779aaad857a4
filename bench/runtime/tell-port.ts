/** The child's side of `child.ts`. */

/** Tells the parent the port; ends with the parent. */
export function tellPort(port: number): void {
  process.on("disconnect", () => process.exit());
  process.send?.({ port });
}

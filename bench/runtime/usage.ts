/** The child's side of `child.ts`. */

/** Tells the parent the port, and the use of CPU and memory whenever it asks; ends with the parent. */
export function tellUsage(port: number): void {
  process.on("message", () => process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage().rss }));
  process.on("disconnect", () => process.exit());
  process.send?.({ port });
}

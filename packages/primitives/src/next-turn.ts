/** Lets whatever else can run now run first: long synchronous work stays fair by awaiting this between its parts. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

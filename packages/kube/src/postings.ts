/** What one index of a store finds under each value. Most values name one object, which is then held without a map around it. */
import { type KubeObject, keyOf, keyText } from "./object.ts";

/** The objects by the values under which they are filed; `key` is always the object's own, as text. */
export class Postings<T extends KubeObject> {
  readonly #found = new Map<string, T | Map<string, T>>();

  /** The objects under that value. */
  at(value: string): readonly T[] {
    const found = this.#found.get(value);
    if (found === undefined) return [];
    return found instanceof Map ? [...found.values()] : [found];
  }

  /** Files the object, in place of one of the same key. */
  add(value: string, key: string, object: T): void {
    const found = this.#found.get(value);
    if (found instanceof Map) found.set(key, object);
    else if (found === undefined || textOf(found) === key) this.#found.set(value, object);
    else this.#found.set(value, new Map([[textOf(found), found]]).set(key, object));
  }

  /** Takes the object of that key out, where it is there. */
  remove(value: string, key: string): void {
    const found = this.#found.get(value);
    if (found instanceof Map) {
      found.delete(key);
      if (found.size === 0) this.#found.delete(value);
    } else if (found !== undefined && textOf(found) === key) this.#found.delete(value);
  }
}

function textOf(object: KubeObject): string {
  return keyText(keyOf(object));
}

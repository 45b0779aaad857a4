import type { JsonObject, JsonValue } from "@lmos/primitives";

/** A column of a Table, with how to fill it. */
export interface Column {
  readonly name: string;
  /** OpenAPI type of the cells. */
  readonly type: string;
  /** `name` for the column with the objects' names. */
  readonly format?: string | undefined;
  readonly description?: string | undefined;
  /** 0 or absent: always shown; greater: with `-o wide` only. */
  readonly priority?: number | undefined;
  /** The cell for an object; null shows as `<none>`. */
  readonly cell: (object: JsonObject, nowMs: number) => JsonValue;
}

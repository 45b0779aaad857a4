/** A right that code needs of a Kubernetes API server, declared beside the code, so that roles can be made of it. */
export interface Permission {
  /** `""` for the core group. */
  readonly group: string;
  /** Plural, with the subresource where one is meant: `channels/status`. */
  readonly resource: string;
  readonly verbs: readonly string[];
  /** Only the objects of these names; all unless given. Not for `create`, `list` and `watch`: those name no object. */
  readonly resourceNames?: readonly string[] | undefined;
  /** What would no longer work without it. */
  readonly why: string;
}

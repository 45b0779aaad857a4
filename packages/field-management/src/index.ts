export { type ApplyOutcome, applyConfiguration } from "./apply-configuration.ts";
export { type Conflict, conflictCause, conflictMessage } from "./conflict.ts";
export { goText } from "./go-text.ts";
export { jsonPatch } from "./patches/json-patch.ts";
export { mergePatch } from "./patches/merge-patch.ts";
export { strategicMergePatch } from "./patches/strategic-merge-patch.ts";
export { strategicPatchFault } from "./patches/strategic-patch-faults.ts";
export { recordUpdate } from "./record-update.ts";
export { typedErrors } from "./typed-errors.ts";

export { bucketCount, bucketOf, type Hash, isCanary } from "./bucket.ts";
export { type RolloutPlan, type RolloutVerdict, readRollout } from "./plan.ts";

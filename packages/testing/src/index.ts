export { FakeClock } from "./fake-clock.ts";
export { SeededRandom, SequentialIds } from "./seeded-random.ts";

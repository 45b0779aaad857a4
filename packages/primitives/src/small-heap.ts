/**
 * How much garbage the process keeps. Node lets a heap grow to a multiple of what is in use before it collects, which on
 * a machine with much memory makes an operator of ten thousand agents three times as large as it need be. With this the
 * heap may grow by a fifth only; that cost an operator up to two fifths more processor time under load, and nothing at rest.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** To be called once, at the start of a process that holds many objects: an operator, a laptop cluster. */
export function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=20");
}

/**
 * Lets the heap grow by half from now on: for a process whose start makes much garbage, and whose work should not pay for
 * it. In short runs beside other work a runtime was a fifth smaller than without a bound, and about as fast.
 */
export function letHeapGrow(): void {
  setFlagsFromString("--heap-growing-percent=50");
}

/**
 * Keeps the space for new objects at its first size, instead of up to 128 MiB. For a process whose objects mostly go to disk
 * at once, as those of an API server: measured there, it costs no writes a second.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

/**
 * Collects young objects without help from other threads from now on. Everything waits for such a collection, some twenty times
 * in a thousand turns, and where a helper gets no core at once it waits for the helper. For a process of few cores with a small
 * space for new objects: what survives there is copied in half a millisecond, with help or without.
 */
export function collectYoungObjectsAlone(): void {
  setFlagsFromString("--no-parallel-scavenge");
}

/**
 * Makes every object among the young ones from now on. V8 makes objects among the old ones where those that came from the same
 * place in the code have lived for long; what a turn makes there, as some of it is remembered, mostly dies with the turn, and
 * is garbage then that only a collection of everything finds. For a process whose requests leave next to nothing behind.
 */
export function makeObjectsYoung(): void {
  setFlagsFromString("--no-allocation-site-pretenuring");
}

/**
 * Collects all garbage now and gives the memory back, while everything else waits: about 5 ms for each MiB that stays in use.
 * To be called once, when a process has read what it is going to hold and is at work: the garbage of its start would stay in
 * holes between what is kept, a hundred MiB of it in an operator of ten thousand agents.
 */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc"); // a context that is made now has it, others have not
  setFlagsFromString("--no-expose-gc");
  const everything = { type: "major", execution: "sync", flavor: "last-resort" };
  if (typeof collect === "function") Reflect.apply(collect, undefined, [everything]);
}

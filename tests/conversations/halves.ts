/** Sets of conversations in two halves: one that may be looked at while the code is changed, and one that is only counted. */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { hold } from "./hold.ts";
import { startScene } from "./scene.ts";
import { readScript } from "./script.ts";

/** How one conversation went. */
export interface Held {
  readonly kind: string;
  readonly half: "development" | "held out";
  /** What did not go as written, undefined where all did. */
  readonly fault: string | undefined;
}

/** A coin that falls the same way each time. */
function halfOf(catalogue: string, name: string): Held["half"] {
  const [coin = 0] = createHash("sha256").update(`${catalogue}/${name}`).digest();
  return coin % 2 === 0 ? "development" : "held out";
}

/** Holds the conversations of files beside this one, named without their ending. */
export async function holdAll(files: readonly string[]): Promise<readonly Held[]> {
  const held: Held[] = [];
  for (const file of files) held.push(...(await holdCatalogue(file)));
  return held;
}

async function holdCatalogue(file: string): Promise<readonly Held[]> {
  const script = readScript(`${file}.json`);
  const catalogue = basename(file);
  await using scene = await startScene(script);
  const held: Held[] = [];
  for (const conversation of script.conversations) {
    const { kind, name } = conversation;
    const fault = await hold(scene.runtime, conversation);
    held.push({ kind, half: halfOf(catalogue, name), fault: fault && `${catalogue}, ${fault}` });
  }
  return held;
}

/** The share that went as written, 0 to 1. */
export function passedOf(held: readonly Held[]): number {
  return held.filter(({ fault }) => fault === undefined).length / held.length;
}

/** What passed by half and kind, and how those of one half or of both went that did not. */
export function report(held: readonly Held[], shown: readonly Held["half"][]): string {
  const halves = Map.groupBy(held, ({ half }) => half);
  const kinds = Map.groupBy(held, ({ kind }) => kind);
  const lines = [["all", held] as const, ...halves, ...kinds].map(
    ([name, those]) => `${name}: ${share(those)} (development ${share(those.filter(isDevelopment))})`,
  );
  const faults = held.filter(({ half }) => shown.includes(half)).flatMap(({ fault }) => fault ?? []);
  return `${[...lines, ...faults].join("\n")}\n`;
}

function share(held: readonly Held[]): string {
  return `${held.filter(({ fault }) => fault === undefined).length} of ${held.length}`;
}

function isDevelopment({ half }: Held): boolean {
  return half === "development";
}

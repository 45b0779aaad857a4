/**
 * Conversations that were written before their author knew the code. Prints what passed by kind and half, and how the others
 * went. Nine in ten are asked of the kinds that reached them.
 */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { hold } from "./hold.ts";
import { startScene } from "./scene.ts";
import { readScript } from "./script.ts";

const blind = ["bank", "insurer", "shop", "transit", "helpdesk", "hotel", "pair"].map(
  (name) => `blind/${name}`,
);
const later = ["campus", "energy"].map((name) => `later/${name}`);

interface Held {
  readonly kind: string;
  readonly half: "development" | "held out";
  readonly fault: string | undefined;
}

/** A coin that falls the same way each time. */
function halfOf(catalogue: string, name: string): Held["half"] {
  const [coin = 0] = createHash("sha256").update(`${catalogue}/${name}`).digest();
  return coin % 2 === 0 ? "development" : "held out";
}

async function holdAll(files: readonly string[]): Promise<readonly Held[]> {
  const held: Held[] = [];
  for (const file of files) held.push(...(await holdCatalogue(file)));
  process.stdout.write(report(held));
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

function passedOf(held: readonly Held[]): number {
  return held.filter(({ fault }) => fault === undefined).length / held.length;
}

function share(held: readonly Held[]): string {
  return `${held.filter(({ fault }) => fault === undefined).length} of ${held.length}`;
}

function report(held: readonly Held[]): string {
  const halves = Map.groupBy(held, ({ half }) => half);
  const kinds = Map.groupBy(held, ({ kind }) => kind);
  const lines = [["all", held] as const, ...halves, ...kinds].map(
    ([name, those]) => `${name}: ${share(those)} (development ${share(those.filter(isDevelopment))})`,
  );
  const faults = held.flatMap(({ fault }) => fault ?? []);
  return `${[...lines, ...faults].join("\n")}\n`;
}

function isDevelopment({ half }: Held): boolean {
  return half === "development";
}

test("conversations written blind are held", async () => {
  const held = await holdAll(blind);
  expect(held.length).toBeGreaterThanOrEqual(200);
  expect(passedOf(held)).toBeGreaterThanOrEqual(0.88);
  const kinds = Map.groupBy(held, ({ kind }) => kind);
  for (const kind of ["follow-up", "clarify", "none", "courtesy"]) {
    expect(passedOf(kinds.get(kind) ?? []), kind).toBeGreaterThanOrEqual(0.9);
  }
}, 120_000);

test("conversations written later are held", async () => {
  const held = await holdAll(later);
  expect(held.length).toBeGreaterThanOrEqual(40);
}, 60_000);

/** Plots as SVG text. */
import type { Confusion } from "@lmos/router";
import { escapeText } from "./escape.ts";

/** A point; both from 0 to 1. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

const width = 480;
const height = 320;
const inset = 50;
const ticks = [0, 0.25, 0.5, 0.75, 1];

/** A line through the points over axes from 0 to 1. */
export function linePlot(
  points: readonly Point[],
  axes: { readonly x: string; readonly y: string; readonly diagonal: boolean },
): string {
  const at = ({ x, y }: Point): string =>
    `${(inset + x * (width - 2 * inset)).toFixed(1)},${(height - inset - y * (height - 2 * inset)).toFixed(1)}`;
  const line = (from: Point, to: Point, attributes: string): string =>
    `<polyline points="${at(from)} ${at(to)}" fill="none" ${attributes}/>`;
  const grid = ticks.flatMap((tick) => [
    line({ x: tick, y: 0 }, { x: tick, y: 1 }, 'stroke="#ddd"'),
    line({ x: 0, y: tick }, { x: 1, y: tick }, 'stroke="#ddd"'),
    label({ x: tick, y: -0.07 }, `${tick}`),
    label({ x: -0.06, y: tick - 0.02 }, `${tick}`),
  ]);
  const dots = points.map((point) => {
    const [x, y] = at(point).split(",");
    return `<circle cx="${x}" cy="${y}" r="3" fill="#1565c0"/>`;
  });
  return svg(width, height, [
    ...grid,
    ...(axes.diagonal ? [line({ x: 0, y: 0 }, { x: 1, y: 1 }, 'stroke="#999" stroke-dasharray="4"')] : []),
    `<polyline points="${points.map(at).join(" ")}" fill="none" stroke="#1565c0" stroke-width="2"/>`,
    ...dots,
    label({ x: 0.5, y: -0.16 }, axes.x),
    label({ x: 0, y: 1.05 }, axes.y),
  ]);
}

function label({ x, y }: Point, text: string): string {
  const left = inset + x * (width - 2 * inset);
  const top = height - inset - y * (height - 2 * inset);
  return `<text x="${left.toFixed(1)}" y="${top.toFixed(1)}" font-size="12" text-anchor="middle" fill="#333">${escapeText(text)}</text>`;
}

const cell = 18;
const nameSpace = 160;
/** More agents than this are no picture any more: the first by number of messages are drawn. */
const maxAgents = 40;

/** A square of shades: the darker, the larger the share of the row. */
export function confusionPlot(confusion: readonly Confusion[]): string {
  const totals = Map.groupBy(confusion, ({ expected }) => expected);
  const agents = [...totals.keys()].slice(0, maxAgents);
  const position = new Map(agents.map((agent, i) => [agent, i]));
  const cells = confusion.flatMap(({ expected, actual, count }) => {
    const row = position.get(expected);
    const column = position.get(actual);
    if (row === undefined || column === undefined) return [];
    const total = totals.get(expected)?.reduce((sum, one) => sum + one.count, 0) ?? 1;
    const color = expected === actual ? "#2e7d32" : "#c62828";
    const title = escapeText(`${expected} → ${actual}: ${count} of ${total}`);
    return [
      `<rect x="${nameSpace + column * cell}" y="${row * cell}" width="${cell}" height="${cell}" fill="${color}" fill-opacity="${Math.max(0.08, count / total).toFixed(2)}"><title>${title}</title></rect>`,
    ];
  });
  const names = agents.map(
    (agent, row) =>
      `<text x="${nameSpace - 6}" y="${row * cell + 13}" font-size="11" text-anchor="end" fill="#333">${escapeText(agent.slice(0, 24))}</text>`,
  );
  return svg(nameSpace + agents.length * cell + 1, agents.length * cell + 1, [...names, ...cells]);
}

function svg(wide: number, high: number, content: readonly string[]): string {
  return `<svg viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}" role="img" xmlns="http://www.w3.org/2000/svg">${content.join("")}</svg>`;
}

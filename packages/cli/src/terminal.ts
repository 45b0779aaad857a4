/** Where a command writes: data to stdout, hints to stderr. */

import { printable } from "./printable.ts";

/** The two streams of a command, and how they may look. */
export interface Terminal {
  /** Writes data, a line at a time. */
  print(line: string): void;
  /** Writes a piece of data; the line goes on. */
  write(text: string): void;
  /** Writes what is for the reader only: targets, progress, next steps. */
  hint(line: string): void;
  /** Wraps text in a colour where the reader can see colours. */
  paint(color: Color, text: string): string;
  /** True when a person sits at both ends. */
  readonly interactive: boolean;
}

/** The colours that carry meaning; each also has a word or a sign beside it. */
export type Color = "green" | "red" | "yellow" | "dim" | "bold";

const codes: Readonly<Record<Color, readonly [number, number]>> = {
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
  dim: [2, 22],
  bold: [1, 22],
};

/** The part of a stream that a terminal uses. */
interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** A terminal on two streams; colours only for a person, and never with `NO_COLOR`. */
export function createTerminal(options: {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly noColor: boolean;
  readonly interactive: boolean;
}): Terminal {
  const colored = !options.noColor && options.stdout.isTTY === true;
  return {
    print: (line) => void options.stdout.write(`${printable(line)}\n`),
    write: (text) => void options.stdout.write(printable(text)),
    hint: (line) => void options.stderr.write(`${printable(line)}\n`),
    paint: (color, text) => (colored ? `\u001b[${codes[color][0]}m${text}\u001b[${codes[color][1]}m` : text),
    interactive: options.interactive,
  };
}

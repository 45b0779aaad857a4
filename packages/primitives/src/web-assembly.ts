/**
 * WebAssembly written in TypeScript: just what loops over rows of numbers need, four numbers at a time. A function here
 * gives the bytes of an instruction after those of its operands, so that code reads as the expression that it is. The
 * bytes are those of the standard: https://webassembly.github.io/spec/core/appendix/index-instructions.html
 */

/** Instructions, as the bytes that they are in a module. */
export type Code = readonly number[];

/** What numbers a local or a parameter holds. */
export type NumberType = "i32" | "f32" | "v128";

const typeBytes: Readonly<Record<NumberType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

/** A local, or a parameter, which is the same: its value, and how it gets one. */
export interface Local {
  readonly get: Code;
  set(value: Code): Code;
}

/** The locals of a function by their names, parameters first. */
export function localsOf<Name extends string>(
  types: Readonly<Record<Name, NumberType>>,
): Readonly<Record<Name, Local>> {
  const locals = Object.keys(types).map((name, index): [string, Local] => [
    name,
    { get: [0x20, ...unsigned(index)], set: (value) => [...value, 0x21, ...unsigned(index)] },
  ]);
  // Object.fromEntries forgets which names there are.
  return Object.fromEntries(locals) as Record<Name, Local>;
}

/** Whole numbers of 32 bits, which places in memory are. */
export const i32 = {
  constant: (value: number): Code => [0x41, ...signed(value)],
  add: (a: Code, b: Code): Code => [...a, ...b, 0x6a],
  isLess: (a: Code, b: Code): Code => [...a, ...b, 0x49],
};

/** Numbers of single precision. */
export const f32 = {
  /** From a place in memory. */
  load: (place: Code): Code => [...place, 0x2a, 2, 0],
  add: (a: Code, b: Code): Code => [...a, ...b, 0x92],
  /** Puts it at a place in memory, so many bytes further on. */
  store: (place: Code, value: Code, offset = 0): Code => [...place, ...value, 0x38, 2, ...unsigned(offset)],
};

/** Four numbers of single precision at once. */
export const f32x4 = {
  zero: [0xfd, 0x0c, ...new Array<number>(16).fill(0)] as Code,
  /** From a place in memory, so many bytes further on. */
  load: (place: Code, offset = 0): Code => [...place, 0xfd, 0x00, 4, ...unsigned(offset)],
  /** Puts them at a place in memory, so many bytes further on. */
  store: (place: Code, value: Code, offset = 0): Code => [
    ...[...place, ...value],
    ...[0xfd, 0x0b, 4, ...unsigned(offset)],
  ],
  /** The same number four times. */
  fill: (number: Code): Code => [...number, 0xfd, 0x13],
  /** Of sixteen bytes, each a whole number from -128 to 127, one of the four quarters, from 0. */
  ofBytes: (bytes: Code, quarter: number): Code => [
    ...bytes,
    ...[0xfd, ...unsigned(quarter < 2 ? 0x87 : 0x88)], // a half of them, as numbers of 16 bits
    ...[0xfd, ...unsigned(quarter % 2 === 0 ? 0xa7 : 0xa8)], // a half of those, as numbers of 32 bits
    ...[0xfd, ...unsigned(0xfa)],
  ],
  add: (a: Code, b: Code): Code => [...a, ...b, 0xfd, ...unsigned(0xe4)],
  multiply: (a: Code, b: Code): Code => [...a, ...b, 0xfd, ...unsigned(0xe6)],
  /** One of the four, from 0. */
  lane: (a: Code, lane: number): Code => [...a, 0xfd, 0x1f, lane],
};

/** Does something, and again as long as the condition then holds. */
export function repeatWhile(condition: Code, ...body: readonly Code[]): Code {
  return [0x03, 0x40, ...body.flat(), ...condition, 0x0d, 0, 0x0b];
}

/** A function of a module, and the memory that it works on. */
export interface LoopDefinition {
  /** Parameters first, all `i32`, then the other locals. */
  readonly types: Readonly<Record<string, NumberType>>;
  readonly parameters: number;
  readonly body: Code;
  /** Bytes of the memory; what is never touched takes none of the machine's. */
  readonly memoryBytes: number;
}

/** A loop that runs. */
export interface Loop {
  readonly memory: ArrayBuffer;
  readonly run: (...parameters: readonly number[]) => void;
}

/** What of the engine's own interface is used; the types of Node leave it out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
  ) => {
    readonly exports: { readonly run: Loop["run"]; readonly memory: { readonly buffer: ArrayBuffer } };
  };
};

const pageBytes = 65_536;

/** Compiles a function in a module of its own, with its own memory of zeros. */
export function compileLoop({ types, parameters, body, memoryBytes }: LoopDefinition): Loop {
  const pages = Math.ceil(memoryBytes / pageBytes);
  const all = Object.values(types).map((type) => [1, typeBytes[type]]);
  const locals = all.slice(parameters);
  const code = [...vector(locals), ...body, 0x0b];
  const bytes = Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
    ...section(1, vector([[0x60, parameters, ...new Array<number>(parameters).fill(typeBytes.i32), 0]])),
    ...section(3, vector([[0]])),
    ...section(5, vector([[1, ...unsigned(pages), ...unsigned(pages)]])),
    ...section(7, vector([exported("run", 0), exported("memory", 2)])),
    ...section(10, vector([[...unsigned(code.length), ...code]])),
  ]);
  const { run, memory } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  return { run, memory: memory.buffer };
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function exported(name: string, kind: number): Code {
  return [name.length, ...new TextEncoder().encode(name), kind, 0];
}

/** LEB128: seven bits a byte, the lowest first. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  const isLast = value >= -0x40 && value < 0x40;
  return isLast ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}

import { KubeError } from "./errors.ts";

const maxLineLength = 8 * 1024 * 1024;

/**
 * Cuts a stream of bytes into its lines, whatever the chunks: yields the lines that each chunk completes. UTF-8
 * sequences and lines may be split anywhere. A stream that ends within a line was cut: `Unreachable`.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > maxLineLength) {
      throw new KubeError("ResponseTooLarge", `a line of a watch has more than ${maxLineLength} characters`);
    }
    const complete = lines.filter((line) => line.trim() !== "");
    if (complete.length > 0) yield complete;
  }
  if (rest.trim() !== "") throw new KubeError("Unreachable", "the watch was cut in the middle of an event");
}

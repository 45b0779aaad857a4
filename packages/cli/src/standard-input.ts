/** What is piped into a command. */
import { addAbortSignal, type Readable } from "node:stream";
import { CliError } from "./errors.ts";

/**
 * All of it as text, once its writer has ended it. Throws CliError `Usage` beyond `mostBytes`, and what aborted the
 * signal; the input is closed then, so that nobody's process waits for a writer.
 */
export async function readStandardInput(
  input: Readable,
  { mostBytes, signal }: { readonly mostBytes: number; readonly signal: AbortSignal },
): Promise<string> {
  addAbortSignal(signal, input);
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of input) {
      chunks.push(Buffer.from(chunk));
      bytes += Buffer.byteLength(chunk);
      if (bytes > mostBytes)
        throw new CliError("Usage", `standard input has more than ${mostBytes} bytes: split it`);
    }
    return Buffer.concat(chunks).toString("utf8");
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

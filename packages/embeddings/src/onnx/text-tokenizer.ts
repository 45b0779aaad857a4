/** Text to token ids, as a model's `tokenizer.json` says, by the optional package `@huggingface/tokenizers`. */
import { importOptional } from "./onnx-runtime.ts";

/** Cuts a text into the ids that a model was trained on. */
export interface TextTokenizer {
  /** Ids with the marks of begin and end; empty for a text of which nothing is left. */
  encode(text: string): readonly number[];
}

/** The package, as far as it is used. */
export interface TokenizersPackage {
  readonly Tokenizer: new (
    description: object,
    configuration: object,
  ) => {
    encode(text: string): { readonly ids: readonly number[] };
  };
}

/** No token of a usual text is longer on average; what lies beyond would be cut off anyway, only later. */
const charactersPerToken = 32;

/** The tokenizer of a `tokenizer.json`; at most `maxTokens` ids a text, the mark of the end among them. */
export async function createTextTokenizer(
  description: object,
  {
    maxTokens,
    tokenizers,
  }: { readonly maxTokens: number; readonly tokenizers?: TokenizersPackage | undefined },
): Promise<TextTokenizer> {
  const { Tokenizer } =
    tokenizers ?? ((await importOptional("@huggingface/tokenizers")) as TokenizersPackage);
  const tokenizer = new Tokenizer(withoutPadding(description), {});
  const marks = tokenizer.encode("").ids.length;
  return {
    encode: (text) => {
      const { ids } = tokenizer.encode(text.slice(0, maxTokens * charactersPerToken));
      if (ids.length <= marks) return [];
      return ids.length <= maxTokens ? ids : [...ids.slice(0, maxTokens - 1), ...ids.slice(-1)];
    },
  };
}

/** Some files ask for padding to a fixed length, which a single text has no use for. */
function withoutPadding(description: object): object {
  return { ...description, padding: null, truncation: null };
}

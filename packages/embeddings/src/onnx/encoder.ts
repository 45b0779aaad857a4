/** One text through a network: ids in, the rows of its tokens out, made one vector. */
import { EmbeddingsError } from "../errors.ts";
import type { OnnxRuntime, OnnxSession, OnnxTensor } from "./onnx-runtime.ts";
import { type Pooling, pool } from "./pooling.ts";
import type { TextTokenizer } from "./text-tokenizer.ts";

/** Text to its vector; undefined where the tokenizer leaves nothing of it. */
export type Encode = (text: string) => Promise<Float32Array | undefined>;

/** What an encoder consists of. */
export interface EncoderParts {
  readonly runtime: OnnxRuntime;
  readonly session: OnnxSession;
  readonly tokenizer: TextTokenizer;
  readonly pooling: Pooling;
}

/** Its function throws EmbeddingsError `ModelCorrupt` where the network has other inputs or outputs than sentence encoders. */
export function createEncoder({ runtime, session, tokenizer, pooling }: EncoderParts): Encode {
  return async (text) => {
    const ids = tokenizer.encode(text);
    if (ids.length === 0) return undefined;
    const outputs = await session.run(inputsOf(ids, session.inputNames, runtime));
    const { data, dims } = outputOf(outputs, session.outputNames);
    if (!(data instanceof Float32Array)) throw unusableNetwork("its output is not of 32-bit numbers");
    const [, tokens, dimension] = dims;
    if (tokens === undefined) throw unusableNetwork(`its output has the shape [${dims}]`);
    // Some exports pool in the network itself: then there is one row already.
    if (dimension === undefined) return pool(data, { tokens: 1, dimension: tokens, pooling: "cls" });
    return pool(data, { tokens, dimension, pooling });
  };
}

function inputsOf(
  ids: readonly number[],
  names: readonly string[],
  { Tensor }: OnnxRuntime,
): Record<string, OnnxTensor> {
  const row = (value: (id: number) => number): OnnxTensor =>
    new Tensor(
      "int64",
      BigInt64Array.from(ids, (id) => BigInt(value(id))),
      [1, ids.length],
    );
  const known: Record<string, () => OnnxTensor> = {
    input_ids: () => row((id) => id),
    attention_mask: () => row(() => 1),
    token_type_ids: () => row(() => 0),
  };
  return Object.fromEntries(
    names.map((name) => {
      const input = known[name];
      if (input === undefined)
        throw unusableNetwork(`it asks for the input ${name}, which sentence encoders do not have`);
      return [name, input()];
    }),
  );
}

/** Sentence encoders exported with their pooling have that output too: it is what their makers mean. */
function outputOf(outputs: Readonly<Record<string, OnnxTensor>>, names: readonly string[]): OnnxTensor {
  const output = outputs["sentence_embedding"] ?? outputs["last_hidden_state"] ?? outputs[names[0] ?? ""];
  if (output === undefined) throw unusableNetwork("it gives nothing");
  return output;
}

/** An EmbeddingsError `ModelCorrupt` about the network itself. */
export function unusableNetwork(reason: string, cause?: unknown): EmbeddingsError {
  return new EmbeddingsError(
    "ModelCorrupt",
    `the network is not a sentence encoder that can be run: ${reason}; get the model again, or another one`,
    { cause },
  );
}

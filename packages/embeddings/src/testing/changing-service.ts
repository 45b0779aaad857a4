/** For tests: a service of vectors whose model changes: each of its models gives the built-in model's vectors in an order of its own. */
import { EmbeddingsError } from "../errors.ts";
import type { EmbeddingModel } from "../model.ts";

/** A service that serves one model at a time. */
export interface ChangingService {
  /** Which model it serves now: how many places the numbers of its vectors are moved. */
  serves: number;
  /** Texts that it was asked for, of messages and of examples. */
  readonly texts: number;
  /** Takes part in every embedding, before it is answered. */
  meanwhile: (texts: readonly string[]) => Promise<void>;
  /** The model that it serves, which refuses the vectors of any other. */
  readonly model: () => EmbeddingModel;
}

/** One that serves the model 0 first. */
export function createChangingService(builtIn: EmbeddingModel): ChangingService {
  const state = { texts: 0 };
  const service: ChangingService = {
    serves: 0,
    get texts() {
      return state.texts;
    },
    meanwhile: async () => undefined,
    model: () => modelOf(service.serves),
  };
  const modelOf = (number: number): EmbeddingModel => ({
    id: `service:${number}`,
    dimension: builtIn.dimension,
    isRemote: true,
    reload: async () => service.model(),
    embed: async (texts, { signal }) => {
      state.texts += texts.length;
      await service.meanwhile(texts);
      if (service.serves !== number) throw new EmbeddingsError("ModelChanged", "it serves another model");
      const vectors = await builtIn.embed(texts, { signal });
      return vectors.map((vector) => moved(vector, number));
    },
  });
  return service;
}

/** Vectors of one model resemble each other as before; those of two models by chance. */
function moved(vector: Float32Array, places: number): Float32Array {
  return Float32Array.from(vector, (_value, i) => vector[(i + 7 * places) % vector.length] ?? 0);
}

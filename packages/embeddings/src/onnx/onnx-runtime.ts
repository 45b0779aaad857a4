/** The little of `onnxruntime-node` that is used here, so that it can be left out, and faked. */
import { errorMessage } from "@lmos/primitives";
import { EmbeddingsError } from "../errors.ts";

/** A block of numbers of a certain shape. */
export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** A model that is loaded. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(inputs: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  /** Frees the memory outside of JavaScript. */
  release(): Promise<void>;
}

/** The package, as far as it is used. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(path: string, options: { readonly intraOpNumThreads: number }): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: "int64", data: BigInt64Array, dims: readonly number[]) => OnnxTensor;
}

/**
 * The optional package `onnxruntime-node`.
 *
 * @throws EmbeddingsError `PackageMissing` with the command that installs it.
 */
export async function importOnnxRuntime(): Promise<OnnxRuntime> {
  return (await importOptional("onnxruntime-node")) as OnnxRuntime;
}

/** A package that only some models need. The name is not a literal for the compiler: it need not be there to build. */
export async function importOptional(name: string): Promise<unknown> {
  try {
    const namespace: { readonly default?: unknown } = await import(name);
    return namespace.default ?? namespace;
  } catch (error) {
    throw new EmbeddingsError(
      "PackageMissing",
      `this model needs the package ${name}, which cannot be loaded (${errorMessage(error)}): npm install ${name}`,
      { cause: error, details: { package: name } },
    );
  }
}

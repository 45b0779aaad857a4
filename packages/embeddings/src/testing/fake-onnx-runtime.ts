/** A network that is none: token `t` has the row [cos t, sin t], wherever it stands. */
import type { OnnxRuntime, OnnxSession, OnnxTensor } from "../onnx/onnx-runtime.ts";

/** What the network looks like from outside. */
export interface FakeNetwork {
  readonly inputNames?: readonly string[];
  readonly outputs?: (ids: readonly number[]) => Readonly<Record<string, OnnxTensor>>;
  /** Thrown when it is loaded. */
  readonly broken?: Error;
}

/** The runtime, and what was done with it. */
export interface FakeOnnxRuntime {
  readonly runtime: OnnxRuntime;
  /** Ids of every text that was run. */
  readonly runs: (readonly number[])[];
  readonly loaded: { readonly path: string; readonly threads: number }[];
  released: number;
}

/** A runtime that gives this network for every file. */
export function createFakeOnnxRuntime(network: FakeNetwork = {}): FakeOnnxRuntime {
  const { inputNames = ["input_ids", "attention_mask"], outputs = rowsOf, broken } = network;
  const fake: FakeOnnxRuntime = {
    runtime: {
      Tensor: class {
        readonly data: BigInt64Array;
        readonly dims: readonly number[];
        constructor(_type: "int64", data: BigInt64Array, dims: readonly number[]) {
          this.data = data;
          this.dims = dims;
        }
      },
      InferenceSession: {
        create: async (path, { intraOpNumThreads }) => {
          if (broken !== undefined) throw broken;
          fake.loaded.push({ path, threads: intraOpNumThreads });
          return session;
        },
      },
    },
    runs: [],
    loaded: [],
    released: 0,
  };
  const session: OnnxSession = {
    inputNames,
    outputNames: ["last_hidden_state"],
    run: async (inputs) => {
      const data = inputs["input_ids"]?.data;
      const ids = data instanceof BigInt64Array ? Array.from(data, Number) : [];
      fake.runs.push(ids);
      return outputs(ids);
    },
    release: async () => {
      fake.released++;
    },
  };
  return fake;
}

function rowsOf(ids: readonly number[]): Readonly<Record<string, OnnxTensor>> {
  const data = Float32Array.from(ids.flatMap((id) => [Math.cos(id), Math.sin(id)]));
  return { last_hidden_state: { data, dims: [1, ids.length, 2] } };
}

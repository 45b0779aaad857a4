/** `--embedding`: which model turns texts into vectors. Without it, the built-in one. */
import { join, resolve } from "node:path";
import {
  type EmbeddingModel,
  type FetchProgress,
  fetchModel,
  loadOnnxModel,
  loadOpenAiModel,
  loadStaticModel,
} from "@lmos/embeddings";
import type { Command } from "commander";
import type { CommandContext } from "./context.ts";
import { CliError } from "./errors.ts";
import { parseHttpUrl } from "./http-url.ts";

/** The options, as commander gives them. */
export interface EmbeddingOptions {
  readonly embedding?: string | undefined;
  readonly embeddingUrl?: string | undefined;
}

/** A model that a command was told to use. */
export type EmbeddingSpecification =
  | { readonly kind: "static" }
  | { readonly kind: "onnx"; readonly directory: string }
  | { readonly kind: "hub"; readonly model: string; readonly revision: string | undefined }
  | { readonly kind: "openai"; readonly model: string };

const defaultUrl = "https://api.openai.com/v1";

/** Adds the options. */
export function withEmbeddingOptions(command: Command): Command {
  return command
    .option(
      "--embedding <model>",
      "model of vectors: static (built in), onnx:FOLDER, hub:OWNER/NAME[@REVISION] or openai:MODEL",
      "static",
    )
    .option(
      "--embedding-url <url>",
      `API of an openai: model (else ${defaultUrl}); its key is $LMOS_EMBEDDING_API_KEY or $OPENAI_API_KEY`,
      parseHttpUrl,
    );
}

/** Reads `--embedding`; a CliError `Usage` says what may stand there. */
export function parseEmbedding(text: string): EmbeddingSpecification {
  const [kind, ...rest] = text.split(":");
  const name = rest.join(":");
  if (text === "static") return { kind: "static" };
  if (kind === "onnx" && name !== "") return { kind, directory: name };
  if (kind === "openai" && name !== "") return { kind, model: name };
  if (kind === "hub" && name !== "") {
    const [model = "", revision] = name.split("@");
    return { kind, model, revision };
  }
  throw new CliError(
    "Usage",
    `--embedding ${text}: there is no such model; write static, onnx:FOLDER, hub:OWNER/NAME[@REVISION] or openai:MODEL`,
  );
}

/** Loads the model that the options name. Models of a hub are kept in `~/.cache/lmos/models`. */
export async function loadEmbedding(
  options: EmbeddingOptions,
  context: CommandContext,
): Promise<EmbeddingModel> {
  const { clock, random, signal, environment } = context;
  const specification = parseEmbedding(options.embedding ?? "static");
  switch (specification.kind) {
    case "static":
      return loadStaticModel({ signal });
    case "onnx":
      return loadOnnxModel({
        directory: resolve(environment.workingDirectory, specification.directory),
        signal,
      });
    case "hub":
      return loadOnnxModel({ directory: await fetchHubModel(specification, context), signal });
    case "openai":
      return loadOpenAiModel({
        baseUrl: options.embeddingUrl ?? defaultUrl,
        model: specification.model,
        apiKey: environment.variables["LMOS_EMBEDDING_API_KEY"] ?? environment.variables["OPENAI_API_KEY"],
        ...{ clock, random, signal },
      });
    default:
      return specification satisfies never;
  }
}

function fetchHubModel(
  { model, revision }: { readonly model: string; readonly revision: string | undefined },
  { clock, random, ids, signal, environment, terminal }: CommandContext,
): Promise<string> {
  return fetchModel({
    model,
    revision,
    cacheDirectory: join(environment.homeDirectory, ".cache", "lmos", "models"),
    token: environment.variables["HF_TOKEN"],
    onProgress: (event) => terminal.hint(progressText(model, event)),
    ...{ clock, random, ids, signal },
  });
}

function progressText(model: string, { file, bytes }: FetchProgress): string {
  return bytes === undefined
    ? `getting ${file} of ${model} …`
    : `got ${file} (${Math.ceil(bytes / 1024 ** 2)} MB)`;
}

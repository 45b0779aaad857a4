/** A `tokenizer.json` of a few words, in the form that sentence encoders of BERT's kind have. */
const words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "pay", "my", "bill", "where", "is", "order"];

/** The ids of its words; a text's are between those of `[CLS]` and `[SEP]`. */
export const tinyVocabulary = Object.fromEntries(words.map((word, id) => [word, id]));

/** Its content. */
export const tinyTokenizer = {
  version: "1.0",
  truncation: { max_length: 3, strategy: "LongestFirst", stride: 0, direction: "Right" },
  padding: {
    strategy: { Fixed: 128 },
    direction: "Right",
    pad_to_multiple_of: null,
    pad_id: 0,
    pad_type_id: 0,
    pad_token: "[PAD]",
  },
  added_tokens: [],
  normalizer: {
    type: "BertNormalizer",
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: {
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } },
    ],
    pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
    special_tokens: {
      "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] },
      "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] },
    },
  },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: tinyVocabulary,
  },
};

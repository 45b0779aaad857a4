"""A sentence encoder that the static table learns from: an ONNX network with its tokenizer, read out of a jar."""

import hashlib
import os
import zipfile

import numpy
import onnxruntime
from tokenizers import Tokenizer

BEGIN, END = 101, 102  # [CLS] and [SEP] in the vocabulary of BERT (uncased)
LONGEST = 128  # tokens of a text


class Teacher:
    """Reads one text at a time: the numbers of an 8-bit network depend on everything in its batch."""

    def __init__(self, jar, pooling, threads):
        self.name, self.pooling = os.path.basename(jar), pooling
        with zipfile.ZipFile(jar) as archive:
            network = read_member(archive, ".onnx")
            description = read_member(archive, "tokenizer.json").decode()
        self.digest = hashlib.sha256(network).hexdigest()
        self.tokenizer = Tokenizer.from_str(description)
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(LONGEST)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])

    def rows_of(self, ids):
        """One row of numbers for each token."""
        tokens = numpy.asarray([ids], numpy.int64)
        inputs = {
            "input_ids": tokens,
            "attention_mask": numpy.ones_like(tokens),
            "token_type_ids": numpy.zeros_like(tokens),
        }
        return self._session.run(None, inputs)[0][0]

    def token_row(self, token):
        """What the network makes of a token that stands alone; without the marks around it, which would blur it."""
        return self.rows_of([BEGIN, token, END])[1]

    def sentence_vector(self, text):
        """The vector of a text at length 1, pooled as the model's makers do."""
        rows = self.rows_of(self.tokenizer.encode(text).ids)
        vector = rows[0] if self.pooling == "cls" else rows.mean(0)
        return vector / numpy.linalg.norm(vector)


def read_member(archive, ending):
    return archive.read(next(name for name in archive.namelist() if name.endswith(ending)))

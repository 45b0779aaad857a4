#!/usr/bin/env python3
"""Distils a static table, one row of 8-bit numbers for each word piece, from sentence encoders of one vocabulary.

How, and what comes out: README.md beside this file. Written for people who want to check or improve
packages/embeddings/models/static-en-256; nothing of the project needs it to run.
"""

import argparse
import hashlib
import json
import pathlib
import random

import numpy

from corpus import make_corpus
from teacher import Teacher

FIRST_ROW = 999  # ids below are marks and unused ones; 999 is "!"
SEED = 7
RIDGE = 1e-3


def main():
    options = parse_options()
    teachers = [Teacher(*jar.rsplit(":", 1), options.threads) for jar in options.jar]
    vocabulary = teachers[0].tokenizer.get_vocab()
    if any(teacher.tokenizer.get_vocab() != vocabulary for teacher in teachers):
        raise SystemExit("the encoders have different vocabularies: a table has one row for a piece of all of them")
    texts = make_corpus(
        options.wordnet, vocabulary, FIRST_ROW, options.wordnet_lines, options.template_lines, random.Random(SEED)
    )
    rows = numpy.hstack([token_rows(teacher, len(vocabulary), options.sif) for teacher in teachers])
    targets = numpy.hstack([sentence_vectors(teacher, texts) for teacher in teachers])
    targets = principal_components(targets, options.dimension)
    means = text_means(rows, texts, teachers[0].tokenizer)
    mapping = fit_mapping(means, targets)
    table = quantise((rows @ mapping)[FIRST_ROW:])
    write_model(options, table, vocabulary, teachers, texts, mean_cosine(means @ mapping, targets))


def token_rows(teacher, size, sif):
    """Rows of all pieces, centred, weighted so that frequent ones count less, at unit mean square length."""
    print(f"{teacher.name}: {size - FIRST_ROW} pieces", flush=True)
    width = teacher.rows_of([101, 102]).shape[1]
    rows = numpy.zeros((size, width))
    for token in range(FIRST_ROW, size):
        rows[token] = teacher.token_row(token)
    # The vocabulary is in the order of frequency: Zipf's law gives each piece its share.
    shares = 1 / numpy.arange(2, size - FIRST_ROW + 2)
    weights = sif / (sif + shares / shares.sum())
    centred = rows[FIRST_ROW:] - rows[FIRST_ROW:].mean(0)
    rows[FIRST_ROW:] = to_unit_scale(centred * weights[:, None])
    return rows


def sentence_vectors(teacher, texts):
    """What the teacher makes of whole texts, centred, at unit mean square length."""
    print(f"{teacher.name}: {len(texts)} texts", flush=True)
    vectors = numpy.zeros((len(texts), teacher.rows_of([101, 102]).shape[1]))
    for i, text in enumerate(texts):
        vectors[i] = teacher.sentence_vector(text)
    return to_unit_scale(vectors - vectors.mean(0))


def to_unit_scale(matrix):
    return matrix / numpy.sqrt((matrix**2).sum(1).mean())


def principal_components(targets, dimension):
    _, vectors = numpy.linalg.eigh(targets.T @ targets)
    return targets @ vectors[:, ::-1][:, :dimension]


def text_means(rows, texts, tokenizer):
    """For each text the mean of its pieces' rows: what the finished table will compute, before the mapping."""
    means = numpy.zeros((len(texts), rows.shape[1]))
    for i, text in enumerate(texts):
        ids = [token for token in tokenizer.encode(text, add_special_tokens=False).ids if token >= FIRST_ROW]
        if ids:
            means[i] = rows[ids].mean(0)
    return means


def fit_mapping(means, targets):
    """One linear map for all rows, by ridge regression; rows of their own would learn these texts by heart."""
    width = means.shape[1]
    gram = means.T @ means
    return numpy.linalg.solve(gram + RIDGE * numpy.trace(gram) / width * numpy.eye(width), means.T @ targets)


def mean_cosine(fitted, targets):
    lengths = numpy.linalg.norm(fitted, axis=1) * numpy.linalg.norm(targets, axis=1)
    return float(((fitted * targets).sum(1) / (lengths + 1e-9)).mean())


def quantise(rows):
    """8-bit numbers at one scale for the whole table: only directions count."""
    return numpy.clip(numpy.round(rows * (127 / numpy.abs(rows).max())), -127, 127).astype(numpy.int8)


def write_model(options, table, vocabulary, teachers, texts, cosine):
    folder = pathlib.Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    table.tofile(folder / "table.i8")
    (folder / "vocab.txt").write_text("\n".join(sorted(vocabulary, key=vocabulary.get)) + "\n", "utf8")
    meta = {
        "format": "static-wordpiece-int8/1",
        "dim": options.dimension,
        "firstRow": FIRST_ROW,
        "rows": len(table),
        "vocabSize": len(vocabulary),
        "lowercase": True,
        "stripAccents": True,
        "pooling": "sum of rows of ids >= firstRow (row = id - firstRow), then L2-normalise; no such id -> zero vector",
        "teachers": [{"file": t.name, "pooling": t.pooling, "onnxSha256": t.digest} for t in teachers],
        "licences": "all-MiniLM-L6-v2: Apache-2.0; bge-small-en-v1.5: MIT; WordNet 3.0: WordNet licence",
        "text": "WordNet 3.0 glosses and examples + templates; no benchmark text",
        "textLines": len(texts),
        "sif": options.sif,
        "trainCosine": round(cosine, 4),
        "tableSha256": hashlib.sha256(table.tobytes()).hexdigest(),
    }
    (folder / "meta.json").write_text(json.dumps(meta, indent=1))
    print(json.dumps(meta, indent=1))


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jar", action="append", required=True, help="PATH:mean or PATH:cls, once for each encoder")
    parser.add_argument("--wordnet", required=True, help="folder with data.noun, index.noun and so on (WordNet 3.0)")
    parser.add_argument("--out", required=True, help="folder for table.i8, vocab.txt and meta.json")
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--sif", type=float, default=1e-3, help="the smaller, the less frequent pieces count")
    parser.add_argument("--wordnet-lines", type=int, default=9000)
    parser.add_argument("--template-lines", type=int, default=7000)
    parser.add_argument("--threads", type=int, default=1, help="threads of each encoder")
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""Texts to fit on: what WordNet says of words, and requests made from templates with its words. No benchmark's text."""

import pathlib
import re

SHORTEST, LONGEST = 8, 160  # characters of a line of WordNet
TEMPLATES = (pathlib.Path(__file__).parent / "templates.txt").read_text().splitlines()


def make_corpus(wordnet, vocabulary, first_row, wordnet_lines, template_lines, random):
    """Texts in a fixed order for a given `random`, each once."""
    glosses, examples = read_glosses(wordnet)
    words = {
        part[0]: draw_words(wordnet, part, vocabulary, first_row, 3 * template_lines, random)
        for part in ("noun", "verb", "adj")
    }
    texts = [text for text in examples + glosses if SHORTEST < len(text) < LONGEST]
    random.shuffle(texts)
    requests = [fill(random.choice(TEMPLATES), words) for _ in range(template_lines)]
    return list(dict.fromkeys(texts[:wordnet_lines] + requests))


def read_glosses(wordnet):
    """Explanations of words, and the sentences that show their use."""
    glosses, examples = [], []
    for part in ("noun", "verb", "adj", "adv"):
        for line in (pathlib.Path(wordnet) / f"data.{part}").read_text("latin1").splitlines():
            if line.startswith("  ") or "|" not in line:
                continue
            gloss = line.split("|", 1)[1].strip()
            explanation = gloss.split('"')[0].strip(" ;")
            glosses.append(re.sub(r"^\([^)]*\)\s*", "", explanation))
            examples.extend(re.findall(r'"([^"]+)"', gloss))
    return glosses, examples


def draw_words(wordnet, part, vocabulary, first_row, count, random):
    """Words of one or two known pieces; frequent ones, which come early in the vocabulary, more often."""
    words, weights = [], []
    for line in (pathlib.Path(wordnet) / f"index.{part}").read_text("latin1").splitlines():
        word = "" if line.startswith("  ") else line.split(" ")[0].replace("_", " ")
        ranks = [vocabulary.get(piece, 0) for piece in word.split()]
        if len(word) <= 2 or not word.replace(" ", "").isalpha():
            continue
        if len(ranks) > 2 or min(ranks) < first_row:
            continue
        words.append(word)
        weights.append((max(ranks) - 900.0) ** (-0.6 if len(ranks) == 1 else -0.7))
    return random.choices(words, weights, k=count)


def fill(template, words):
    """Puts drawn words for {n}, {v} and {a}; each is used once."""
    return re.sub(r"\{(.)\}", lambda slot: words[slot.group(1)].pop(), template)

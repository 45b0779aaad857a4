/**
 * A message cut where it may turn to something else: after sentences and lines, and at "and", "also" or a comma between
 * what could be sentences. Whether the pieces are about different things is for the router to say.
 */
import { anyOf, wordEnd, wordStart } from "@lmos/router";

/** One of them: the characters of the message from `start` to `end`. */
export interface MessagePiece {
  readonly start: number;
  readonly end: number;
  /** Its text, without the words that tie it to the piece before. */
  readonly about: string;
  /** It refers to what comes of the piece before: "if so", "depending on that", "then". */
  readonly follows: boolean;
  /** It says of itself that it is about something else: "by the way". */
  readonly isNew: boolean;
}

/** Pieces of one message; more are not looked for. */
const maxPieces = 6;
/** A longer message tells a story: its sentences belong together. */
const maxLength = 300;
/** Words that a piece needs to stand alone, unless it names a thing: "the weather". */
const minWords = 3;

/**
 * After a sentence, at the end of a line and before an item in the middle of it ("2) my bill"), but not after the number of an
 * item: "2. my bill".
 */
const sentenceEnd = /(?<=[.?!;])(?<!^\s*\d{1,2}\.)\s+|\s*\n\s*|\s+(?=\d\)\s)/gmu;
const references = anyOf(({ parts }) => parts.references);
const reference = new RegExp(`^${references}${wordEnd}[\\s,:]*`, "iu");
const announcements = anyOf(({ turn }) => turn.changes);
const announcement = new RegExp(`^${announcements}${wordEnd}[\\s,.:!-]*`, "iu");
const joints = anyOf(({ parts }) => parts.joints);
/** A comma after words that refer to the piece before, or announce another, joins them to what follows. */
const joint = new RegExp(
  `[,;]?\\s+(?:${joints}|[&+\\u2013-])\\s+|(?<!${wordStart}(?:${references}|${announcements})),\\s+`,
  "giu",
);

/** Its pieces, in order; the message alone where there is nothing to cut. */
export function splitMessage(message: string): readonly MessagePiece[] {
  if (message.length > maxLength) return [whole(message)];
  const spans = spansOf(message)
    .map((span) => trimmed(span, message))
    .filter(({ start, end }) => start < end);
  return spans.length > maxPieces
    ? [whole(message)]
    : spans.map((span, index) => readPiece(span, index, message));
}

/** Without any of this there is no place to cut at, and most messages need not be looked through for each of them. */
const mayBeCut = new RegExp(`[.?!;,]\\s|\\n|\\s\\d\\)\\s|\\s(?:${joints}|[&+\\u2013-])\\s`, "iu");

/** Whether a message may be one of several pieces. */
export function mayHavePieces(message: string): boolean {
  return message.length <= maxLength && mayBeCut.test(message);
}

function spansOf(message: string): readonly Span[] {
  const all = { start: 0, end: message.length };
  if (!mayBeCut.test(message)) return [all];
  const spans = cut(all, sentenceEnd, message).flatMap((sentence) =>
    mergeDependent(cut(sentence, joint, message), message),
  );
  return mergeGreeting(spans, message);
}

/** A piece of a message: the characters from one place to another. */
interface Span {
  readonly start: number;
  readonly end: number;
}

function cut({ start, end }: Span, at: RegExp, message: string): readonly Span[] {
  const spans: Span[] = [];
  const text = message.slice(start, end);
  let from = start;
  // Not by matchAll or split, which make an expression of their own: this is done for every turn.
  at.lastIndex = 0;
  for (let match = at.exec(text); match !== null; match = at.exec(text)) {
    spans.push({ start: from, end: start + match.index });
    from = start + match.index + match[0].length;
  }
  spans.push({ start: from, end });
  return spans;
}

const joiningWord = new RegExp(
  `^\\s*(?:(?:\\d{1,2}[.)]|[-*\\u2022\\u2013])\\s+)?(?:${anyOf(({ parts }) => parts.joining)}${wordEnd}[\\s,]*)*`,
  "iu",
);

/** Without blanks, and without the mark of an item or a word at its beginning that only joins. */
function trimmed({ start, end }: Span, message: string): Span {
  const text = message.slice(start, end).trimEnd();
  const skipped = joiningWord.exec(text)?.[0].length ?? 0;
  return { start: start + skipped, end: start + text.length };
}

/** A piece that cannot stand alone belongs to the one before it: "of March and of April". */
function mergeDependent(spans: readonly Span[], message: string): readonly Span[] {
  const merged: Span[] = [];
  /** Whether the last one waits for its main clause. */
  let isOpen = false;
  for (const span of spans) {
    const last = merged.at(-1);
    const isNext = last !== undefined && standsAlone(span, message) && standsAlone(last, message);
    if (last === undefined || (isNext && !(isOpen && isTiedByComma(last, span, message)))) {
      merged.push(span);
      isOpen = fronted.test(message.slice(span.start, span.end).trimStart());
    } else {
      merged[merged.length - 1] = { start: last.start, end: span.end };
      isOpen &&= !isNext;
    }
  }
  return merged;
}

/** What a clause or phrase begins with that stands before its main clause: "if my flight is late, who pays?" */
const fronted = new RegExp(
  `^(?!${references}${wordEnd})${anyOf(({ parts }) => parts.fronted)}${wordEnd}`,
  "iu",
);

function isTiedByComma(last: Span, span: Span, message: string): boolean {
  return message.slice(last.end, span.start).trim() === ",";
}

/** "Hi there!" and "One thing." say what comes, and "My bill?" is said for itself. */
function mergeGreeting(spans: readonly Span[], message: string): readonly Span[] {
  const [first, second, ...others] = spans;
  if (first === undefined || second === undefined) return spans;
  const isQuestion = message.slice(first.start, first.end).trimEnd().endsWith("?");
  if (isQuestion || isLong(first, message)) return spans;
  return [{ start: first.start, end: second.end }, ...others];
}

const word = /\S+/gu;

const thing = new RegExp(`^${anyOf(({ parts }) => parts.articles)}\\s+\\p{L}`, "iu");

function standsAlone(span: Span, message: string): boolean {
  return isLong(span, message) || thing.test(message.slice(span.start, span.end).trimStart());
}

function isLong({ start, end }: Span, message: string): boolean {
  word.lastIndex = start;
  for (let words = 0; words < minWords; words++) {
    const next = word.exec(message);
    if (next === null || next.index >= end) return false;
  }
  return true;
}

function whole(message: string): MessagePiece {
  return { start: 0, end: message.length, about: message, follows: false, isNew: false };
}

/** The first piece has none before it. */
function readPiece(span: Span, index: number, message: string): MessagePiece {
  const text = message.slice(span.start, span.end);
  if (index === 0) return { ...span, about: text, follows: false, isNew: false };
  const [about, other] = [reference, announcement].map((start) => text.replace(start, ""));
  const follows = about !== undefined && about !== text && about !== "";
  const isNew = other !== undefined && other !== text && other !== "";
  if (follows) return { ...span, about, follows, isNew: false };
  return { ...span, about: isNew ? other : text, follows, isNew };
}

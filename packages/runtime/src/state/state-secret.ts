/** The secret under which state is found again: read from a file, or made and written there at the first start. */
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { errorMessage, isRecord } from "@lmos/primitives";
import { RuntimeError } from "../errors.ts";

/** Characters of a secret, at least. */
const minLength = 32;

/** A secret that nobody keeps. */
export function newStateSecret(): string {
  return randomBytes(32).toString("base64");
}

/**
 * Reads the secret in a file. `create` makes one there if there is no file, readable by its owner alone.
 *
 * @throws RuntimeError `InvalidState` when there is none, or it is too short to be one.
 */
export function readStateSecret(path: string, { create }: { readonly create: boolean }): string {
  const secret = read(path, create).trim();
  if (secret.length >= minLength) return secret;
  throw new RuntimeError(
    "InvalidState",
    `the state key in ${path} has ${secret.length} characters: give it ${minLength} at least, made by openssl rand -base64 32`,
  );
}

function read(path: string, create: boolean): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (create && isRecord(error) && error["code"] === "ENOENT") return make(path);
    throw new RuntimeError("InvalidState", `the state key cannot be read: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}

/** Of two processes that start at once the first one writes; the other reads what that wrote. */
function make(path: string): string {
  try {
    const secret = newStateSecret();
    writeFileSync(path, `${secret}\n`, { mode: 0o600, flag: "wx" });
    return secret;
  } catch (error) {
    if (isRecord(error) && error["code"] === "EEXIST") return readFileSync(path, "utf8");
    throw new RuntimeError("InvalidState", `the state key cannot be written: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}

/** Addresses of the command line. */
import { InvalidArgumentError } from "commander";

/** True for an address that HTTP can go to. */
export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:\/\//i.test(text);
}

/** An option's address. */
export function parseHttpUrl(text: string): string {
  if (isHttpUrl(text)) return text;
  throw new InvalidArgumentError("an address starts with http:// or https://, such as http://HOST:PORT");
}

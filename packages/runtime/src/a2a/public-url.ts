/** Where users reach this runtime, which a gateway in front of it may hide. */
import { RuntimeError } from "../errors.ts";

const remedy =
  "give an http:// or https:// address without user, query and fragment, such as https://chat.example/lmos";

/**
 * The address without a slash at its end, so that paths of doors can follow it.
 *
 * @throws RuntimeError `InvalidPublicUrl` for what is no address of HTTP, or has more to it than host, port and path.
 */
export function parsePublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw invalid(text);
  if (url.username !== "" || url.password !== "" || /[?#]/.test(text)) throw invalid(text);
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** What may be a password is not repeated. */
function invalid(text: string): RuntimeError {
  const shown = text.replace(/\/\/[^/]*@/, "//…@").slice(0, 80);
  return new RuntimeError(
    "InvalidPublicUrl",
    `the public URL ${JSON.stringify(shown)} cannot be used: ${remedy}`,
  );
}

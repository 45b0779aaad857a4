/** For this package's tests: requests over plain HTTP that are sent as they are. */
import { request } from "node:http";

/** A request. */
export interface TestRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** What was answered. */
export interface TestAnswer {
  readonly status: number | undefined;
  readonly contentType: string | undefined;
  readonly allow: string | undefined;
  readonly body: string;
}

/** As it was sent: `fetch` would add headers. */
export function sendRequest(port: number, { method, path, headers, body }: TestRequest): Promise<TestAnswer> {
  return new Promise((resolve, reject) => {
    const length = body === null ? {} : { "content-length": Buffer.byteLength(body) };
    const options = { host: "127.0.0.1", port, method, path, headers: { ...headers, ...length } };
    const sent = request({ ...options, agent: false }, (response) => {
      let text = "";
      response.on("data", (piece) => {
        text += String(piece);
      });
      response.on("end", () => {
        const { "content-type": contentType, allow } = response.headers;
        resolve({ status: response.statusCode, contentType, allow, body: text });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

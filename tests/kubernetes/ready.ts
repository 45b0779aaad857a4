import { once } from "node:events";
import { get } from "node:https";

/** Whether an API server answers `/readyz` with 200; false for whatever else happens within a second. */
export async function isReady({
  url,
  token,
  certificate,
}: {
  readonly url: string;
  readonly token: string;
  readonly certificate: () => string;
}): Promise<boolean> {
  try {
    const headers = { authorization: `Bearer ${token}` };
    const sent = get(`${url}/readyz`, { ca: certificate(), headers, timeout: 1000, agent: false });
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    const [response] = await once(sent, "response");
    response.resume();
    return response.statusCode === 200;
  } catch {
    return false; // not listening, no certificate yet, or silent
  }
}

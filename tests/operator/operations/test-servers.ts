/** The servers that these suites run on: the real one only where there is one. */
import { servers } from "../../kubernetes/server.ts";

const hasReal = process.env["LMOS_TEST_KUBECONFIG"] !== undefined;

/** For `it.each`. */
export const testServers = servers.filter(({ name }) => hasReal || name !== "real");
/** Only the real one, or nothing. */
export const realServers = testServers.filter(({ name }) => name === "real");

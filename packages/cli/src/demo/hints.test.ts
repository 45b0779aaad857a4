import { expect, it } from "vitest";
import { fakeEnvironment } from "../testing/fake-context.ts";
import { demoHints } from "./hints.ts";

const environment = fakeEnvironment({ workingDirectory: "/home/ada/lmos" });

/** What the hints say of a cluster whose state is in that folder. */
function hintsFor(directory: string): string {
  const cluster = { kubeconfigPath: `${directory}/kubeconfig` };
  return demoHints({ laptop: { directory, cluster }, runtimeUrl: "http://127.0.0.1:8081", environment }).join(
    "\n",
  );
}

it("needs no option where the commands look anyway", () => {
  const hints = hintsFor("/home/ada/lmos/.lmos");
  expect(hints).toContain("  npx lmos why acme-web-stable\n");
  expect(hints).toContain("kubectl --kubeconfig .lmos/kubeconfig get channels -w");
  expect(hints).not.toContain("--dir");
});

it("tells each command where another folder is", () => {
  const commands = hintsFor("/tmp/try")
    .split("\n")
    .filter((line) => line.includes("npx lmos"));
  expect(commands).toHaveLength(3);
  for (const command of commands) expect(command).toMatch(/ --dir \/tmp\/try$/);
});

it("has a call of the runtime where that listens", () => {
  expect(hintsFor("/tmp/try")).toContain("curl -s http://127.0.0.1:8081/apis/v1/acme/chat/");
});

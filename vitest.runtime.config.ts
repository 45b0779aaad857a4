import { defineConfig } from "vitest/config";

const sourceConditions = ["@lmos/source", "node", "import", "default"];

/** The runtime's fault rows on real processes and sockets: they take minutes and print their figures. */
export default defineConfig({
  resolve: { conditions: sourceConditions },
  ssr: { resolve: { conditions: sourceConditions } },
  test: {
    include: ["tests/runtime/**/*.suite.ts"],
    globalSetup: ["tests/runtime/harness/write-report.ts"],
    expect: { poll: { timeout: 10_000 } }, // a second is not enough on a busy machine
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
});

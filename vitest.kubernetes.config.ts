import { defineConfig } from "vitest/config";

const sourceConditions = ["@lmos/source", "node", "import", "default"];

/** Suites that need a real Kubernetes; tests/kubernetes/run.ts starts it. The integration tests run once more, on the real server. */
export default defineConfig({
  resolve: { conditions: sourceConditions },
  ssr: { resolve: { conditions: sourceConditions } },
  test: {
    include: [
      "tests/kubernetes/**/*.suite.ts",
      "tests/faults/**/*.suite.ts",
      "tests/integration/kube-on-embedded.test.ts",
      "tests/integration/process-node.test.ts",
    ],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    maxConcurrency: 6,
  },
});

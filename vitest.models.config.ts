import { defineConfig } from "vitest/config";

const sourceConditions = ["@lmos/source", "node", "import", "default"];

/** Real sentence encoders: a JDK, Maven and 330 MB of cache are needed the first time. */
export default defineConfig({
  resolve: { conditions: sourceConditions },
  ssr: { resolve: { conditions: sourceConditions } },
  test: {
    include: ["tests/models/**/*.suite.ts"],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
  },
});

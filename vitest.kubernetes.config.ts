import { defineConfig } from "vitest/config";

const sourceConditions = ["@lmos/source", "node", "import", "default"];
const shared = {
  resolve: { conditions: sourceConditions },
  ssr: { resolve: { conditions: sourceConditions } },
};

/** They install the manifests, whose fence is of the whole cluster: nothing else may run beside them. */
const installing = ["tests/operator/manifests.suite.ts", "tests/operator/rbac.suite.ts"];

/** They measure how soon something happens: other suites beside them would be measured, too. */
const timed = [
  "tests/operator/failover.suite.ts",
  "tests/operator/grants.suite.ts",
  "tests/operator/read-api.suite.ts",
];

/** Suites that need a real Kubernetes; tests/kubernetes/run.ts starts it. The integration tests run once more, on the real server. */
export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: "kubernetes",
          include: [
            "tests/kubernetes/**/*.suite.ts",
            "tests/integration/kube-on-embedded.test.ts",
            "tests/integration/process-node.test.ts",
            "tests/integration/writer-term.test.ts",
          ],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          maxConcurrency: 6,
          sequence: { groupOrder: 1 },
        },
      },
      {
        ...shared,
        test: {
          name: "faults",
          include: ["tests/faults/**/*.suite.ts"],
          globalSetup: ["tests/faults/harness/write-report.ts"],
          testTimeout: 400_000, // outer ones: the suites themselves say what must not take longer than how long
          // They mostly wait: for time-outs, leases and servers that are away.
          maxWorkers: 4,
          maxConcurrency: 10,
          sequence: { groupOrder: 2 },
        },
      },
      {
        ...shared,
        test: {
          name: "operator",
          include: ["tests/operator/**/*.suite.ts"],
          exclude: [...installing, ...timed],
          globalSetup: ["tests/operator/harness/write-report.ts"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          maxWorkers: 4,
          sequence: { groupOrder: 3 },
        },
      },
      {
        ...shared,
        test: {
          name: "operator in time",
          include: timed,
          testTimeout: 300_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 4 },
        },
      },
      {
        ...shared,
        test: {
          name: "operator on the real server",
          include: [
            "tests/integration/grants.test.ts",
            "tests/integration/operator-on-embedded.test.ts",
            "tests/integration/workload-kinds.test.ts",
          ],
          env: { LMOS_TEST_SERVER: "real" },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 5 },
        },
      },
      {
        ...shared,
        test: {
          name: "manifests",
          include: [...installing],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 6 },
        },
      },
    ],
  },
});

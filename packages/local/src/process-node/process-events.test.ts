import type { EventRecord } from "@lmos/kube";
import { describe, expect, test } from "vitest";
import { aDeployment, aProcess, notReady, ready, stopping, waitingUntil } from "../testing/processes.ts";
import type { LocalProcess } from "./local-process.ts";
import { recordProcessEvents } from "./process-events.ts";

/** The events of a change, of a Deployment that is there unless it is said otherwise. */
function eventsOf(
  before: LocalProcess | undefined,
  after: LocalProcess | undefined,
  deployment: ReturnType<typeof aDeployment> | undefined = aDeployment(),
): readonly EventRecord[] {
  const events: EventRecord[] = [];
  const recorder = { record: (event: EventRecord) => void events.push(event) };
  recordProcessEvents({ before, after }, { deployments: { get: () => deployment }, recorder });
  return events;
}

const starting = aProcess({ replica: 2, state: { kind: "starting" } });

describe("an event", () => {
  test("says on which port a process was started, once", () => {
    const running = aProcess({ replica: 2, state: notReady });
    expect(eventsOf(starting, running)).toEqual([
      {
        regarding: expect.objectContaining({ apiVersion: "apps/v1", kind: "Deployment" }),
        type: "Normal",
        reason: "Started",
        action: "Starting",
        note: "Started replica 2 on port 4002",
      },
    ]);
    expect(eventsOf(running, aProcess({ replica: 2, state: ready }))).toEqual([]);
  });

  test.each([
    {
      lastExit: "exited with code 1",
      note: "Replica 0 exited with code 1; back-off before it is started again",
    },
    {
      lastExit: "was ended by SIGKILL",
      note: "Replica 0 was ended by SIGKILL; back-off before it is started again",
    },
  ])("warns of one that $lastExit", ({ lastExit, note }) => {
    const [event] = eventsOf(aProcess(), aProcess({ lastExit, state: waitingUntil(10) }));
    expect(event).toMatchObject({ type: "Warning", reason: "BackOff", action: "Restarting", note });
  });

  test("names the Deployment by what makes it that one", () => {
    const [event] = eventsOf(starting, aProcess());
    expect(event?.regarding.metadata).toMatchObject({ name: "hello", namespace: "default", uid: "uid-1" });
  });

  test.each([
    { name: "a process that is new", before: undefined, after: starting },
    {
      name: "one that is being stopped, as that was asked for",
      before: aProcess(),
      after: aProcess({ state: stopping }),
    },
    { name: "one that is gone", before: aProcess({ state: stopping }), after: undefined },
  ])("is not made of $name", ({ before, after }) => {
    expect(eventsOf(before, after)).toEqual([]);
  });

  test("is not made for a Deployment that is gone", () => {
    const events: EventRecord[] = [];
    const recorder = { record: (event: EventRecord) => void events.push(event) };
    recordProcessEvents(
      { before: starting, after: aProcess() },
      { deployments: { get: () => undefined }, recorder },
    );
    expect(events).toEqual([]);
  });
});

/** Puts together what outlives a turn: conversations, what agents remember, and what both need. */
import type { Clock, Logger } from "@lmos/primitives";
import { type Conversations, createConversations } from "../conversation/stored-conversations.ts";
import { createStateKeys, type StateKeys } from "../identity/state-keys.ts";
import { createInProcessMemories } from "../state/in-process-memories.ts";
import type { RuntimeState } from "../state/open-state.ts";
import { StateHealth } from "../state/state-health.ts";
import { newStateSecret } from "../state/state-secret.ts";
import { Memories } from "./memories.ts";
import { UserState } from "./user-state.ts";

/** What is kept, and whether it can be. */
export interface KeptState {
  readonly conversations: Conversations;
  readonly memories: Memories;
  readonly users: UserState;
  readonly health: StateHealth;
  readonly keys: StateKeys;
}

/** In memory alone unless a state is given. */
export function createKeptState(options: {
  readonly state: RuntimeState | undefined;
  readonly maxConversations: number;
  readonly clock: Clock;
  readonly logger: Logger;
}): KeptState {
  const { state, maxConversations, clock, logger } = options;
  const health = new StateHealth(logger);
  const keys = createStateKeys(state?.secret ?? newStateSecret());
  const store = state?.memories ?? createInProcessMemories({ clock });
  const shared = state?.conversations && { store: state.conversations, keys, health, clock };
  const conversations = createConversations(maxConversations, shared);
  return {
    conversations,
    memories: new Memories({ store, keys, health, clock }),
    users: new UserState({ conversations, store, keys, health, clock, logger }),
    ...{ health, keys },
  };
}

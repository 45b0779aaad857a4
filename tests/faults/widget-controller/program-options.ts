import { z } from "zod";

/** What the program is told, as one JSON text on its command line. */
export const programOptionsSchema = z.object({
  /** `http://…`: that of a proxy. */
  server: z.string(),
  namespace: z.string(),
  /** Name of this replica; with it the program works only while it holds the Lease `widget-controller`. */
  identity: z.string().optional(),
  /** How often its client may ask; as often as it likes unless given. */
  rateLimit: z.object({ burst: z.number(), refillMs: z.number() }).optional(),
});

export type ProgramOptions = Readonly<z.infer<typeof programOptionsSchema>>;

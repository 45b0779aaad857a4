import { z } from "zod";

/** What the program is told, as one JSON text on its command line. */
export const programOptionsSchema = z.object({
  server: z.string(),
  namespace: z.string(),
  token: z.string().optional(),
  certificateAuthority: z.string().optional(),
  /** Name of this replica; with it the program works only while it holds the Lease `widget-controller`. */
  identity: z.string().optional(),
});

export type ProgramOptions = Readonly<z.infer<typeof programOptionsSchema>>;

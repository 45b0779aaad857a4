import { defineTool } from "@lmos/agent";
import { z } from "zod";

/** Sends a link to reset a password; here it only says so. */
export const sendResetLink = defineTool({
  name: "send_reset_link",
  description: "Sends a link to reset the password to the e-mail address on file",
  parameters: z.object({ email: z.string() }),
  execute: ({ email }) => ({ sentTo: email, validMinutes: 30 }),
});

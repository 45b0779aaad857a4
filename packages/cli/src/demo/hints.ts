/** What to try in the demo. */
import type { Environment } from "../context.ts";
import { kubectlCommand, type Laptop } from "../laptop/start-laptop.ts";

/** Commands to type in a second terminal, and one for curl. */
export function demoHints(options: {
  readonly laptop: Laptop;
  readonly runtimeUrl: string;
  readonly environment: Environment;
}): readonly string[] {
  const kubectl = kubectlCommand(options.laptop, options.environment);
  const body = {
    inputContext: { messages: [{ role: "user", content: "where is my parcel?" }] },
    systemContext: { channelId: "web" },
    userContext: { userId: "ada" },
  };
  return [
    "",
    "Try, in a second terminal:",
    `  ${kubectl} get channels -w`,
    `  ${kubectl} describe channel acme-web-stable`,
    `  ${kubectl} delete deployment roaming-agent`,
    '  npx lmos chat acme/web --user ada -t "why is my bill so high?"',
    '  npx lmos route "my wifi is dead" --tenant acme --channel web',
    "  npx lmos why acme-web-stable",
    `  curl -s ${options.runtimeUrl}/apis/v1/acme/chat/c-1/message -H 'content-type: application/json' -H 'x-turn-id: 1' -d '${JSON.stringify(body)}'`,
  ];
}

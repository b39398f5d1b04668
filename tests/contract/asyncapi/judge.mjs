// Prints what the official parser says of each AsyncAPI document in the JSON list on standard input; it decides nothing.
import { Parser } from "@asyncapi/parser";
import { json } from "node:stream/consumers";

const SEVERITIES = ["error", "warning", "information", "hint"];
const parser = new Parser();
const judged = [];
for (const written of await json(process.stdin)) {
  const { document, diagnostics } = await parser.parse(written);
  judged.push({
    understood: document !== undefined,
    channels: document?.allChannels().all().length ?? 0,
    operations: document?.allOperations().all().length ?? 0,
    messages: document?.allMessages().all().length ?? 0,
    said: diagnostics.map(({ severity, code, message, path }) => ({
      severity: SEVERITIES[severity],
      code,
      message,
      path: path.join("/"),
    })),
  });
}
process.stdout.write(JSON.stringify(judged));

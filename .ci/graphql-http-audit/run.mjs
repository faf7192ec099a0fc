// Runs every server audit of the package graphql-http against the URL given: `node run.mjs http://127.0.0.1:8080/graphql`.
// Every audit must be "ok": also what the specification only recommends (warn) or permits (notice) counts as a failure.
// Exit codes: 0 all are ok, 1 some are not, 2 wrong usage.
import { serverAudits } from "graphql-http";

const [url, ...rest] = process.argv.slice(2);
if (url === undefined || rest.length > 0 || !URL.canParse(url)) {
  console.error("usage: node run.mjs URL");
  process.exit(2);
}

const failures = [];
const audits = serverAudits({ url, fetchFn: fetch });
for (const audit of audits) {
  const result = await audit.fn();
  if (result.status !== "ok") {
    failures.push(result);
    console.error(`${result.status} ${result.id} ${result.name}`);
    console.error(`  ${result.reason}`);
    console.error(`  ${await describe(result.response)}`);
  }
}
console.log(`${audits.length - failures.length} of ${audits.length} audits are ok`);
process.exit(audits.length > 0 && failures.length === 0 ? 0 : 1);

// The answer behind a failure on one line; the audit may have read its body already.
async function describe(response) {
  const head = `${response.status} ${response.headers.get("content-type") ?? "without content-type"}`;
  if (response.bodyUsed) {
    return head;
  }
  return `${head}: ${(await response.text()).slice(0, 500)}`;
}

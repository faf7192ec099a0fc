// What runs at /graphiql: GraphiQL over this service's own /graphql, with the example queries as its tabs.
// It is not a client of anything else: every request goes to the page's own origin.
import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import "./page.css";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { storageWithoutHeaders } from "./storage.js";

const TITLE = "Intercultural Cities";
const ENDPOINT = "/graphql";
const EXAMPLES = "/graphiql/examples.json";

// Sends one operation. A refusal by the transport (401, 413, 429, …) carries GraphQL errors in JSON, which GraphiQL
// shows as they are; an answer that is not JSON comes from something in between and is named as such.
async function ask(operation, options) {
  const answer = await fetch(ENDPOINT, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json, application/json;q=0.9",
      ...options?.headers,
    },
    body: JSON.stringify(operation),
    credentials: "same-origin",
  });
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${ENDPOINT} answered ${answer.status} ${answer.statusText} without JSON: ${text.slice(0, 500)}`);
  }
}

async function loadExamples() {
  const answer = await fetch(EXAMPLES, { credentials: "same-origin" });
  if (!answer.ok) {
    throw new Error(`${EXAMPLES} answered ${answer.status}`);
  }
  const { tabs } = await answer.json();
  return tabs.map(({ query, variables }) => ({
    query: query.join("\n"),
    variables: variables === undefined ? undefined : JSON.stringify(variables, null, 2),
  }));
}

function show(defaultTabs) {
  const place = document.getElementById("graphiql");
  createRoot(place).render(
    createElement(
      GraphiQL,
      {
        fetcher: ask,
        defaultTabs,
        storage: storageWithoutHeaders(window.localStorage),
        // The Authorization header is a key to the network's records: it lives as long as the page does.
        shouldPersistHeaders: false,
        showPersistHeadersSettings: false,
        defaultEditorToolsVisibility: "headers",
        inputValueDeprecation: true,
        schemaDescription: true,
      },
      createElement(GraphiQL.Logo, null, TITLE),
    ),
  );
}

loadExamples().then(show, (problem) => {
  // Without its examples the page is still of use, so it starts with one tab that says what went wrong.
  show([{ query: `# The example queries could not be loaded: ${problem.message.replaceAll("\n", " ")}\n` }]);
});

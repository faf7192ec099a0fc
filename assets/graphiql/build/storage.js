// The browser storage handed to GraphiQL: tabs, history and layout are kept between visits, request headers never.
// GraphiQL's own switch covers the tabs only; its history writes the headers of every query that was run.

// What GraphiQL writes under these keys is JSON of records with a `headers` member: open tabs, history, favourites.
const RECORDS = new Set(["graphiql:tabState", "graphiql:queries", "graphiql:favorites"]);
// The content of the header editor itself.
const HEADERS = "graphiql:headers";

// Returns a storage of the shape GraphiQL asks for, writing to `kept` (the browser's localStorage) all but headers.
export function storageWithoutHeaders(kept) {
  return {
    getItem: (key) => kept.getItem(key),
    setItem: (key, value) => {
      if (key === HEADERS) {
        kept.removeItem(key);
      } else {
        kept.setItem(key, withoutHeaders(key, value));
      }
    },
    removeItem: (key) => kept.removeItem(key),
    clear: () => ownKeys(kept).forEach((key) => kept.removeItem(key)),
    get length() {
      return ownKeys(kept).length;
    },
  };
}

function withoutHeaders(key, value) {
  if (!RECORDS.has(key)) {
    return value;
  }
  return JSON.stringify(JSON.parse(value), (name, member) => (name === "headers" ? null : member));
}

function ownKeys(kept) {
  return Object.keys(kept).filter((key) => key.startsWith("graphiql:"));
}

// Collects the licence of every package whose code ends in the bundle, from the bundler's own list of inputs.
// A package without a licence text stops the build: what we may not pass on we do not commit.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

// Packages that state a licence but ship no text of it, each with the package whose text holds for it and why.
const TEXT_OF = new Map([
  ["@graphiql/plugin-doc-explorer", ["graphiql", "same repository"]],
  ["@graphiql/plugin-history", ["graphiql", "same repository"]],
  ["react-compiler-runtime", ["react", "same repository"]],
  ["react-remove-scroll-bar", ["react-remove-scroll", "same author and licence"]],
  ["toggle-selection", ["copy-to-clipboard", "same author and licence"]],
]);

const PACKAGE = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//;

// The packages behind the inputs of an esbuild metafile: `[{ name, version, licence, text }]`, sorted by name.
export async function bundledPackages(root, metafile) {
  const folders = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = PACKAGE.exec(input);
    if (match !== null) {
      folders.add(match[0].slice(0, -1));
    }
  }
  const packages = await Promise.all([...folders].map((folder) => describe(root, folder)));
  const byKey = new Map(packages.map((found) => [`${found.name}@${found.version}`, found]));
  return [...byKey.values()].sort((a, b) => order(`${a.name} ${a.version}`, `${b.name} ${b.version}`));
}

// One text for all packages; packages that share a licence text word for word are named above one copy of it.
export function licenceText(packages) {
  const byText = groupByText(packages);
  const parts = [
    "Licences of the packages bundled in graphiql.js, graphiql.css and mark-*.png.",
    "Written by build/build.mjs; do not edit.",
    "",
    ...packages.map(({ name, version, licence }) => `${name} ${version}: ${licence}`),
  ];
  for (const [text, holders] of byText) {
    parts.push("", "=".repeat(100), holders.map(({ name }) => name).join(", "), "", text);
  }
  return `${parts.join("\n")}\n`;
}

async function describe(root, folder) {
  const { name, version, license: licence } = JSON.parse(await readFile(join(root, folder, "package.json"), "utf8"));
  if (typeof licence !== "string") {
    throw new Error(`${name} ${version} names no licence in its package.json`);
  }
  const [holder, reason] = TEXT_OF.get(name) ?? [];
  const text = await textIn(join(root, folder));
  if ((text === undefined) !== (holder !== undefined)) {
    throw new Error(`${name} ${version} (${licence}): its licence text and TEXT_OF do not agree`);
  }
  if (holder === undefined) {
    return { name, version, licence, text };
  }
  const place = join(root, "node_modules", holder);
  const { license: lent } = JSON.parse(await readFile(join(place, "package.json"), "utf8"));
  if (lent !== licence) {
    throw new Error(`${name} is under ${licence}, but ${holder} under ${lent}`);
  }
  return { name, version, licence: `${licence} (text as in ${holder}: ${reason})`, text: await textIn(place) };
}

function order(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function textIn(folder) {
  const file = (await readdir(folder)).sort().find((entry) => /^(licen[cs]e|copying)(\.|-|$)/i.test(entry));
  if (file === undefined) {
    return undefined;
  }
  return (await readFile(join(folder, file), "utf8")).replaceAll(/\r\n?/g, "\n").replaceAll(/[ \t]+$/gm, "").trim();
}

function groupByText(packages) {
  const groups = new Map();
  for (const found of packages) {
    groups.set(found.text, [...(groups.get(found.text) ?? []), found]);
  }
  return groups;
}

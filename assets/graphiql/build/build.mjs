// Builds the files of ../ from the packages of package-lock.json: `npm ci --ignore-scripts && npm run build`.
// With --check it writes nothing and fails when the committed files differ from what it would write.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundledPackages, licenceText } from "./licences.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const target = dirname(here);

// The content security policy of the page names 'self' only. The embedded fonts would need `font-src data:` and
// 300 kB, so they go; the three small images of the lint marks become files.
const withoutDataUrls = {
  name: "without-data-urls",
  setup(esbuild) {
    esbuild.onLoad({ filter: /\.css$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll(/@font-face\s*\{[^}]*\}/g, ""),
      loader: "css",
    }));
    const names = new Map();
    esbuild.onResolve({ filter: /^data:image\/png;base64,/ }, ({ path }) => {
      names.set(path, names.get(path) ?? `mark-${names.size + 1}.png`);
      return { path: names.get(path), namespace: "image", pluginData: path.slice(path.indexOf(",") + 1) };
    });
    esbuild.onLoad({ filter: /.*/, namespace: "image" }, ({ pluginData }) => ({
      contents: Buffer.from(pluginData, "base64"),
      loader: "file",
    }));
  },
};

// A dialog hides the scroll bar of its page by adding a style element, for which the policy would need 'unsafe-inline'.
// This page never scrolls (page.css), so a component that does nothing takes the place of that one.
const withoutStyleElements = {
  name: "without-style-elements",
  setup(esbuild) {
    esbuild.onResolve({ filter: /^react-remove-scroll-bar$/ }, () => ({ path: join(here, "no-scroll-bar.js") }));
  },
};

async function filesToWrite() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: here,
    entryPoints: { graphiql: "main.js" },
    bundle: true,
    format: "iife",
    platform: "browser",
    target: ["es2022"],
    minify: true,
    // The licences stand in one file of their own, which holds more than the comments would.
    legalComments: "none",
    charset: "utf8",
    define: { "process.env.NODE_ENV": '"production"' },
    outdir: target,
    publicPath: "/graphiql",
    assetNames: "[name]",
    plugins: [withoutDataUrls, withoutStyleElements],
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), Buffer.from(contents)]));
  files.set("LICENCES", Buffer.from(licenceText(await bundledPackages(here, metafile))));
  for (const [name, contents] of files) {
    if (/\.(css|js)$/.test(name) && contents.includes("url(data:")) {
      throw new Error(`${name} still holds a data: URL, which the page's policy refuses`);
    }
  }
  return files;
}

const files = await filesToWrite();
if (process.argv.includes("--check")) {
  const differing = [];
  for (const [name, contents] of files) {
    const committed = await readFile(join(target, name)).catch(() => undefined);
    if (committed === undefined || !committed.equals(contents)) {
      differing.push(name);
    }
  }
  if (differing.length > 0) {
    console.error(`not what the build makes: ${differing.join(", ")}`);
    process.exit(1);
  }
  console.log(`${files.size} files are what the build makes`);
} else {
  for (const [name, contents] of files) {
    await writeFile(join(target, name), contents);
    console.log(`${name} ${contents.length} bytes`);
  }
}

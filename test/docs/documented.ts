/** What a Markdown text promises a reader: commands, paths and routes that must exist. */
export type Documented = {
  /** NAME of `npm run NAME`, `npm start`, `npm test`. */
  npmScripts: string[];
  /** Words after `edgewise` up to the first argument: `keys new`, `publish`. */
  commands: string[][];
  /** Paths from the repository's root. */
  paths: string[];
  /** Targets of links, relative to the text's own folder. */
  links: string[];
  /** Cells of a table that read `METHOD path`. */
  routes: { method: string; path: string }[];
};

const ROOMS = 'cli|docs|models|scripts|shared|test|web|worker';
const PATH = new RegExp(`(?<![\\w./-])(?:${ROOMS})/[\\w./-]*\\w`, 'g');

/** Only what is set as code counts, and links: prose may name a thing as it likes. */
export function documentedIn(markdown: string): Documented {
  const code = [...markdown.matchAll(/```\w*\n([\s\S]*?)```|`([^`\n]+)`/g)]
    .map((match) => match[1] ?? match[2])
    .join('\n');
  return {
    npmScripts: npmScriptsIn(code),
    commands: commandsIn(code),
    paths: [...code.matchAll(PATH)].map(([path]) => path),
    links: [...markdown.matchAll(/\]\((?!https?:|#)([^)\s#]+)[^)]*\)/g)].map((match) => match[1]),
    routes: routesIn(markdown),
  };
}

function npmScriptsIn(code: string): string[] {
  const run = code.matchAll(/npm run (?:-s )?([a-z][a-z:-]*)/g);
  const short = code.matchAll(/npm (start|test)\b/g);
  return [...run, ...short].map((match) => match[1]);
}

/** A command's words end at the first argument: a model, a folder, a flag, a placeholder. */
const commandsIn = (code: string): string[][] =>
  [...code.matchAll(/edgewise (?:-- )?([a-z][a-z-]*(?: [a-z][a-z-]*)*)/g)].map((match) =>
    match[1].split(' '),
  );

function routesIn(markdown: string): Documented['routes'] {
  const cells = markdown.matchAll(/^\| ((?:[A-Z]+, )*[A-Z]+) (\/[^|]*?) \|/gm);
  return [...cells].flatMap(([, methods, paths]) =>
    paths
      .split(', ')
      .map((path) => path.replace(/\?.*$/, ''))
      .flatMap((path) => methods.split(', ').map((method) => ({ method, path }))),
  );
}

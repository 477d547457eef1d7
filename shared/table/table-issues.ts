import type { TableError, TableIssue } from './read-table.ts';

const KEPT_ISSUES = 20;

/** Issues in the order they were found: the first twenty are kept, all are counted. */
export type TableIssues = {
  add(issue: TableIssue): void;
  /** Null when there is none. */
  error(): TableError | null;
};

export function createTableIssues(): TableIssues {
  const issues: TableIssue[] = [];
  let issueCount = 0;
  return {
    add(issue) {
      issueCount++;
      if (issues.length < KEPT_ISSUES) issues.push(issue);
    },
    error: () => (issueCount === 0 ? null : { reason: 'invalid_csv', issues, issueCount }),
  };
}

const SHOWN_NAMES = 20;

/** The names of a file's columns, for who misses one of them. */
export function shownNames(header: readonly string[]): string {
  const names = header.slice(0, SHOWN_NAMES).map((name) => name.slice(0, 60));
  const more = header.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

type HeaderIssue = Pick<TableIssue, 'column' | 'expected' | 'found'>;

const OTHER_SEPARATOR = /[;\t|]/;

/** What is wrong with the names of columns: empty ones, those that come twice, one that holds all. */
export function headerIssues(header: readonly string[]): HeaderIssue[] {
  const firstOf = new Map<string, number>();
  const issues: HeaderIssue[] = [];
  if (header.length === 1 && OTHER_SEPARATOR.test(header[0]))
    issues.push({
      column: null,
      expected: 'commas between the columns',
      found: `one column named "${header[0].slice(0, 60)}"`,
    });
  header.forEach((name, i) => {
    const first = firstOf.get(name);
    if (name.includes('\0'))
      issues.push({
        column: null,
        expected: `a name of UTF-8 text for column ${i + 1}`,
        found: 'a NUL character in it (is the file UTF-16?)',
      });
    else if (name === '')
      issues.push({
        ...{ column: null, expected: `a name for column ${i + 1}` },
        found:
          i === 0 ? 'an empty one (an index? pandas writes none with index=False)' : 'an empty one',
      });
    else if (first === undefined) firstOf.set(name, i);
    else {
      const found = `it for columns ${first + 1} and ${i + 1} (is the first line a header?)`;
      issues.push({ column: name, expected: 'every name once', found });
    }
  });
  return issues;
}

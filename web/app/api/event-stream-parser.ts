export type StreamPart = { data: string } | { retryMs: number };

/**
 * Reads server-sent events from pieces of text as they come in: the data of each event, and how long the server
 * asks to wait before another try. Event names, ids and comments are passed over.
 * Source: WHATWG HTML, section 9.2.6.
 */
export function createEventStreamParser(onPart: (part: StreamPart) => void): {
  push: (text: string) => void;
} {
  let unread = '';
  let data: string[] = [];
  const readLine = (line: string): void => {
    if (line === '') {
      if (data.length > 0) onPart({ data: data.join('\n') });
      data = [];
      return;
    }
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'data') data.push(value);
    if (field === 'retry' && /^\d+$/.test(value)) onPart({ retryMs: Number(value) });
  };
  return {
    push(text) {
      // A carriage return at the end may be half of a line's end.
      const lines = (unread + text).split(/\r\n|\n|\r(?!$)/);
      unread = lines.pop() ?? '';
      for (const line of lines) readLine(line);
    },
  };
}

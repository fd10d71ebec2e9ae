import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';

/**
 * An append-only file of JSON lines, each on disk before `append` returns. A last line without its end was never
 * answered for and is cut off; any other damage stops the start, because a forgotten line could be signed again.
 */
export class Journal<T> {
  private readonly file: number;

  constructor(path: string, parse: (value: unknown) => T | null, remember: (record: T) => void) {
    if (existsSync(path)) load(path, parse, remember);
    this.file = openSync(path, 'a', 0o600);
  }

  append(record: T): void {
    writeSync(this.file, JSON.stringify(record) + '\n');
    fsyncSync(this.file);
  }

  close(): void {
    closeSync(this.file);
  }
}

function load<T>(path: string, parse: (value: unknown) => T | null, remember: (record: T) => void): void {
  const text = readFileSync(path, 'utf8');
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, end)));
  for (const [number, line] of text.slice(0, end).split('\n').entries()) {
    if (line === '') continue;
    const record = parseLine(line, parse);
    if (record === null) throw new Error(`${path} line ${number + 1} is damaged: restore the file, without it something could be signed twice`);
    remember(record);
  }
}

function parseLine<T>(line: string, parse: (value: unknown) => T | null): T | null {
  try {
    return parse(JSON.parse(line));
  } catch {
    return null;
  }
}

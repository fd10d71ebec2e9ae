import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { GatewayError } from './errors.js';

/**
 * An append-only file of JSON lines, each on disk before `append` returns. A last line without its end was never
 * answered for and is cut off; any other damage stops the start, because a forgotten line could be signed again.
 *
 * Only one process may write: a second one would not know what the first remembers. The size of the file betrays the
 * other, even one that writes at the same moment, because the system appends one line after the other.
 */
export class Journal<T> {
  private readonly file: number;
  private size: number;

  constructor(private readonly path: string, parse: (value: unknown) => T | null, remember: (record: T) => void) {
    if (existsSync(path)) load(path, parse, remember);
    this.file = openSync(path, 'a', 0o600);
    this.size = fstatSync(this.file).size;
  }

  append(record: T): void {
    const line = Buffer.from(JSON.stringify(record) + '\n');
    this.requireSize(this.size);
    if (writeSync(this.file, line) !== line.length) throw new Error(`${this.path} took only a part of a line: is the disk full? Nothing more is signed until a restart`);
    fsyncSync(this.file);
    this.requireSize(this.size + line.length);
    this.size += line.length;
  }

  private requireSize(expected: number): void {
    const { size } = fstatSync(this.file);
    if (size !== expected)
      throw new GatewayError('policy_refused', `${this.path} has ${size} bytes instead of ${expected}: another process writes it. Stop it and restart this gateway`);
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
